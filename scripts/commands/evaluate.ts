/** `proprio evaluate`: measure the saved policy of a run on fresh episodes. */
import { Command } from 'commander';
import type { SteppedEnv, SteppedScenes } from '../../src/core/env.ts';
import type { Policy } from '../../src/core/policy.ts';
import { agentsOf } from '../../src/core/teams.ts';
import { type Evaluation, evaluate, evaluationScenes } from '../../src/rollout/evaluate.ts';
import { contest } from '../../src/rollout/versus.ts';
import { runRanges } from '../../src/run/config.ts';
import { scoresText } from '../../src/run/console.ts';
import { evaluationRecord } from '../../src/run/run-folder.ts';
import { normalizedScore, type ReferenceReturns, referenceReturns } from '../evaluate/normalized.ts';
import { contestRecord, contestText, findOpponent, matchSettings } from '../evaluate/opponent.ts';
import { type TracedEvent, trace, traceLine } from '../evaluate/trace.ts';
import { actorOf } from '../view/actor.ts';
import { loadRunPolicy } from '../view/run-policy.ts';
import { findSubject, type Subject, scenesOf } from '../view/subject.ts';
import { collect, integerOption } from './options.ts';

/** Far from the seeds that training uses. */
export const FRESH_SEED = 1_000_003;

interface EvaluateFlags {
  readonly set: readonly string[];
  readonly episodes: number;
  readonly seed: number;
  readonly opponent?: string;
  readonly normalize?: boolean;
  /** Scenes; true where their number is not told. */
  readonly trace?: number | true;
  readonly json?: boolean;
}

export const evaluateCommand = (): Command =>
  new Command('evaluate')
    .description(
      'Run the policy.onnx of a run, or the scripted controller of an environment, without exploring',
    )
    .argument('<run or env>', 'run folder; or environment, see "proprio list envs"')
    .option('--set <name=value>', 'change a setting of the environment; may be repeated', collect, [])
    .option(
      '--episodes <n>',
      'episodes; of a team each agent’s counts',
      integerOption('--episodes', { low: 1, high: 1e6 }),
      100,
    )
    .option('--seed <n>', 'seed of the episodes', integerOption('--seed', runRanges.seed), FRESH_SEED)
    .option(
      '--trace [scenes]',
      'print what happened, line by line, in so many scenes (1 unless told)',
      integerOption('--trace', { low: 1, high: 4096 }),
    )
    .option(
      '--normalize',
      'tell the return on a scale from 0, actions at random, to 100, the scripted controller, on the same episodes',
    )
    .option(
      '--opponent <who>',
      'play --episodes games against another run, or scripted[:strength from 0 to 1]',
    )
    .option('--json', 'print one JSON value as the last line')
    .addHelpText(
      'after',
      `
Examples:
  proprio evaluate runs/drone-hover-sac-1
  proprio evaluate runs/drone-hover-sac-1 --episodes 1000 --seed 7 --json
  proprio evaluate runs/drone-hover-sac-1 --trace 3
  proprio evaluate volley-solo-bump --episodes 128
  proprio evaluate runs/hand-grasp-lift-iql-1 --normalize
  proprio evaluate runs/volley-1v1-sac-1 --opponent scripted:0.5`,
    )
    .action(evaluateRun);

/** Who is evaluated, and on what. */
interface Candidate {
  readonly subject: Subject;
  /** `sac`, or `scripted controller`. */
  readonly name: string;
  /** @throws ProprioError when the run has no policy yet */
  load(env: SteppedEnv): Promise<Policy & { dispose?(): Promise<void> }>;
}

function findCandidate(name: string, assignments: readonly string[], seed: number): Candidate {
  const subject = findSubject(name, assignments);
  const { run } = subject;
  return run
    ? { subject, name: run.config.agent.name, load: (env) => loadRunPolicy(run, env) }
    : {
        subject,
        name: 'scripted controller',
        load: async (env) => actorOf(env, subject, 'scripted').create(seed),
      };
}

async function evaluateRun(run: string, flags: EvaluateFlags): Promise<void> {
  const { episodes, seed, trace: traced, json, opponent } = flags;
  const candidate = findCandidate(run, flags.set, seed);
  if (opponent !== undefined) return playAgainst(candidate, opponent, flags);
  const { definition, settings } = candidate.subject;
  const rows = evaluationScenes(episodes, agentsOf(definition, settings));
  const env = await scenesOf(candidate.subject, rows);
  const policy = await candidate.load(env);
  const perScene = episodes / rows;
  const followed = traced && trace(env, { scenes: traced === true ? 1 : traced, episodes: perScene });
  const result = await evaluate(followed ? followed.env : env, policy, episodes, seed);
  env.close();
  await policy.dispose?.();
  const references =
    flags.normalize && (await referenceReturns({ definition, settings, episodes, scenes: rows, seed }));
  const normalized = references ? normalizedScore(result.returnMean, references) : undefined;
  const events = followed ? followed.events() : undefined;
  if (events) printTrace(env, events, perScene > 1);
  printResult(env, candidate.name, result);
  if (references) printNormalized(normalized, references);
  if (!json) return;
  const about = {
    ...{ env: definition.id, agent: candidate.name },
    ...(references ? { normalized_score: normalized ?? null, references } : {}),
  };
  console.log(JSON.stringify({ ...about, ...evaluationRecord(result), ...(events ? { events } : {}) }));
}

async function playAgainst({ subject, name, load }: Candidate, opponent: string, flags: EvaluateFlags) {
  const { episodes, seed, json } = flags;
  const { definition } = subject;
  const settings = matchSettings(definition, subject.settings);
  const env = definition.create(evaluationScenes(episodes) * agentsOf(definition, settings), settings);
  const other = await findOpponent(opponent, env, definition, settings);
  const policy = await load(env);
  const result = await contest(env, policy, other, episodes, seed);
  env.close();
  await policy.dispose?.();
  await other.dispose?.();
  console.log(`${name} on ${definition.id} against ${opponent}: ${contestText(result)}`);
  if (json)
    console.log(JSON.stringify({ env: definition.id, agent: name, opponent, ...contestRecord(result) }));
}

function printTrace(
  { events$, spec }: SteppedScenes,
  events: readonly TracedEvent[],
  severalEpisodes: boolean,
) {
  if (!events$) console.log(`"${spec.id}" does not tell what happens, so there is nothing to trace.`);
  else if (events.length === 0) console.log(`Nothing happened that "${spec.id}" tells of.`);
  for (const event of events) console.log(traceLine(event, severalEpisodes));
}

function printNormalized(score: number | undefined, { random, expert }: ReferenceReturns): void {
  const scale = `random ${random.toFixed(2)}, scripted controller ${expert.toFixed(2)}`;
  console.log(
    score === undefined
      ? `No normalised score: the scripted controller is no better than chance (${scale})`
      : `Normalised score ${score.toFixed(1)} (${scale})`,
  );
}

function printResult({ spec }: SteppedScenes, name: string, result: Evaluation): void {
  const success =
    result.successRate === null ? '' : `success rate ${(100 * result.successRate).toFixed(1)} %, `;
  console.log(
    `${name} on ${spec.id}: ${success}${scoresText(result)}return ${result.returnMean.toFixed(2)} ± ${result.returnStd.toFixed(2)}, length ${result.episodeLengthMean.toFixed(1)} over ${result.episodes} episodes`,
  );
  if (spec.success) console.log(`Success: ${spec.success}.`);
}
