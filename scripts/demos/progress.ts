/** How far something counted has come: a bar on a terminal, else a line now and then. */
import cliProgress from 'cli-progress';

export interface Progress {
  show(count: number): void;
  end(): void;
}

/** Lines in all where there is no terminal. */
const LINES = 10;

export function countedProgress(
  what: string,
  total: number,
  output: NodeJS.WriteStream = process.stdout,
): Progress {
  if (!output.isTTY) {
    const each = Math.ceil(total / LINES);
    return {
      show: (count) => {
        if (count % each === 0) output.write(`${count} of ${total} ${what}\n`);
      },
      end: () => {},
    };
  }
  const bar = new cliProgress.SingleBar(
    {
      format: `{bar} {value}/{total} ${what} | ETA {eta_formatted}`,
      hideCursor: true,
      stream: output,
      fps: 4,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, 0);
  return { show: (count) => bar.update(count), end: () => bar.stop() };
}
