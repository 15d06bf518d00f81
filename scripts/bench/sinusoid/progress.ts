/** How far a search is: a bar on a terminal, else a line for each tenth of a stage. */
import cliProgress from 'cli-progress';
import type { SearchStep } from './search.ts';

export interface Progress {
  show(step: SearchStep): void;
  end(): void;
}

/** @param name what is searched, before the stage */
export function showProgress(name: string, output: NodeJS.WriteStream = process.stdout): Progress {
  return output.isTTY ? bar(name, output) : lines(name, output);
}

function bar(name: string, stream: NodeJS.WriteStream): Progress {
  const shown = new cliProgress.SingleBar(
    {
      format: '{bar} {percentage}% | {stage} {value}/{total} | ETA {eta_formatted}',
      hideCursor: true,
      stream,
      fps: 4,
    },
    cliProgress.Presets.shades_classic,
  );
  let stage = '';
  return {
    show(step) {
      if (step.stage !== stage) {
        shown.stop();
        stage = step.stage;
        shown.start(step.total, step.done, { stage: `${name} ${stage}` });
      } else shown.update(step.done);
    },
    end: () => shown.stop(),
  };
}

function lines(name: string, output: NodeJS.WriteStream): Progress {
  return {
    show({ stage, done, total }) {
      const tenth = (count: number): number => Math.floor((10 * count) / total);
      if (tenth(done) > tenth(done - 1)) output.write(`${name} ${stage}: ${done} of ${total}\n`);
    },
    end() {},
  };
}
