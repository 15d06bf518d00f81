/** `proprio evaluate`: measure the saved policy of a run on fresh episodes. */
import { Command } from 'commander';
import { envs } from '../../envs/index.ts';
import { lookUp } from '../../src/core/errors.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { evaluate, evaluationScenes } from '../../src/rollout/evaluate.ts';
import { runRanges } from '../../src/run/config.ts';
import { evaluationRecord, RunFolder } from '../../src/run/run-folder.ts';
import { loadRunPolicy } from '../view/run-policy.ts';
import { integerOption } from './options.ts';

/** Far from the seeds that training uses. */
const DEFAULT_SEED = 1_000_003;

export const evaluateCommand = (): Command =>
  new Command('evaluate')
    .description('Run the policy.onnx of a run with its deterministic action')
    .argument('<run>', 'run folder')
    .option('--episodes <n>', 'episodes', integerOption('--episodes', { low: 1, high: 1e6 }), 100)
    .option('--seed <n>', 'seed of the episodes', integerOption('--seed', runRanges.seed), DEFAULT_SEED)
    .option('--json', 'print one JSON value as the last line')
    .addHelpText(
      'after',
      `
Examples:
  proprio evaluate runs/drone-hover-sac-1
  proprio evaluate runs/drone-hover-sac-1 --episodes 1000 --seed 7 --json`,
    )
    .action(
      async (run: string, { episodes, seed, json }: { episodes: number; seed: number; json?: boolean }) => {
        const folder = RunFolder.open(run);
        const { config } = folder;
        const definition = lookUp('environment', envs, config.env.id);
        const env = definition.create(
          evaluationScenes(episodes),
          parseSettings('env', definition.settings, config.env.settings),
        );
        const policy = await loadRunPolicy(folder, env);
        const result = await evaluate(env, policy, episodes, seed);
        env.close();
        await policy.dispose();
        const success =
          result.successRate === null ? '' : `success rate ${(100 * result.successRate).toFixed(1)} %, `;
        console.log(
          `${config.agent.name} on ${config.env.id}: ${success}return ${result.returnMean.toFixed(2)} ± ${result.returnStd.toFixed(2)}, length ${result.episodeLengthMean.toFixed(1)} over ${result.episodes} episodes`,
        );
        if (env.spec.success) console.log(`Success: ${env.spec.success}.`);
        if (json)
          console.log(
            JSON.stringify({ env: config.env.id, agent: config.agent.name, ...evaluationRecord(result) }),
          );
      },
    );
