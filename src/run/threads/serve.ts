/** What a thread of a run does: it acts or evaluates, as its data say. */
import { on } from 'node:events';
import { type MessagePort, workerData } from 'node:worker_threads';
import type { EnvDefinition } from '../../core/env.ts';
import { lookUp } from '../../core/errors.ts';
import { type Policy, spacesOfEnv } from '../../core/policy.ts';
import { createRng } from '../../core/rng.ts';
import { parseSettings } from '../../core/settings.ts';
import { agentsOf } from '../../core/teams.ts';
import { type AgentDefinition, createActor, loadPolicy } from '../../learner/index.ts';
import { layoutSize } from '../../nn/index.ts';
import { ReplayBuffer } from '../../replay/replay-buffer.ts';
import { runActor } from '../../rollout/asynchronous/actor.ts';
import { ActorGate } from '../../rollout/asynchronous/gate.ts';
import { Mailbox } from '../../rollout/asynchronous/mailbox.ts';
import { evaluate, evaluationScenes } from '../../rollout/evaluate.ts';
import type { RunConfig } from '../config.ts';
import { mathsOf } from '../maths.ts';
import type { ActorThreadData } from './actors.ts';
import type { EvaluatorThreadData } from './evaluator.ts';

/** What may be named in a run's configuration. */
export interface Registries {
  readonly envs: Readonly<Record<string, EnvDefinition>>;
  readonly agents: Readonly<Record<string, AgentDefinition>>;
}

/** Serves the run that has started this thread, until that is over. To be called by the module that `train` is given. */
export async function serveThread(registries: Registries): Promise<void> {
  const data: (ActorThreadData | EvaluatorThreadData) & { port: MessagePort } = workerData;
  if (data.role === 'actor') await serveActor(registries, data, data.port);
  else await serveEvaluator(registries, data, data.port);
  data.port.close();
}

async function serveActor(registries: Registries, data: ActorThreadData, port: MessagePort): Promise<void> {
  const { config, actor, attempt, replay, randomSteps, lockstep, snapshot } = data;
  const env = createEnv(registries, config, () => config.numEnvs);
  const gate = new ActorGate(data.gate, actor, lockstep);
  const agent = lookUp('agent', registries.agents, config.agent.name);
  const spaces = spacesOfEnv(env);
  const maths = mathsOf(config, agent, spaces);
  const vectors = Object.fromEntries(
    maths.policyState.map((name) => [name, new Float32Array(layoutSize(maths.state[name]!))]),
  );
  const restarted = attempt > 0 ? `, attempt ${attempt}` : '';
  const rng = createRng(config.seed).split(`actor ${actor}${restarted}`);
  const exploration = rng.split('explore');
  const policy = await gate.computing(() => createActor(maths, spaces, () => vectors, exploration));
  if (!policy) return;
  const options = {
    env,
    policy,
    vectors: Object.values(vectors),
    replay: new ReplayBuffer(replay.options, replay.memory),
    gate,
    mailbox: new Mailbox(data.mailbox),
    rng,
    exploration,
    randomSteps,
    tell: (message: object) => port.postMessage(message),
  };
  await runActor(options, snapshot);
  await policy.dispose();
  env.close();
}

async function serveEvaluator(
  registries: Registries,
  { config, plan, gate: memory }: EvaluatorThreadData,
  port: MessagePort,
): Promise<void> {
  const gate = new ActorGate(memory, 0, false);
  const env = createEnv(registries, config, (agents) => evaluationScenes(plan.episodes, agents));
  for await (const [model] of on(port, 'message') as AsyncIterable<[Uint8Array | null]>) {
    if (!model) break;
    const policy = await gate.computing(() => loadPolicy(model));
    if (!policy) break;
    const acting: Policy = {
      begin: (scene, obs) => policy.begin?.(scene, obs),
      async act(obs, actions, mode) {
        const acted = await gate.computing(async () => policy.act(obs, actions, mode).then(() => true));
        if (!acted) throw new Error('The evaluation was ended.');
      },
    };
    port.postMessage(await evaluate(env, acting, plan.episodes, plan.seed));
    await policy.dispose();
  }
  env.close();
}

function createEnv(
  { envs }: Registries,
  { env: { id, settings } }: RunConfig,
  scenes: (agents: number) => number,
) {
  const definition = lookUp('environment', envs, id);
  const parsed = parseSettings('env', definition.settings, settings);
  return definition.create(scenes(agentsOf(definition, parsed)), parsed);
}
