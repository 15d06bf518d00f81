/** One actor: a policy in scenes of its own, which stores its transitions where a learner in another thread samples them. */
import { packBytes, unpackBytes } from '../../core/bytes.ts';
import type { VectorEnv } from '../../core/env.ts';
import type { Episode } from '../../core/frame.ts';
import type { Policy } from '../../core/policy.ts';
import type { Rng, RngState } from '../../core/rng.ts';
import type { ReplayBuffer } from '../../replay/replay-buffer.ts';
import { type Rollout, rollout } from '../rollout.ts';
import type { ActorGate } from './gate.ts';
import type { Mailbox } from './mailbox.ts';

/** What an actor tells the learner, in order. */
export type ActorMessage =
  | { readonly kind: 'episode'; readonly episode: Episode }
  /** Everything that continues this actor where it stands. */
  | { readonly kind: 'snapshot'; readonly snapshot: Uint8Array };

export interface ActorOptions {
  readonly env: VectorEnv;
  /** Acts with the parameters of `vectors`. */
  readonly policy: Policy;
  /** Parameters of the policy, in the order in which the learner publishes them. */
  readonly vectors: readonly Float32Array[];
  readonly replay: ReplayBuffer;
  readonly gate: ActorGate;
  readonly mailbox: Mailbox;
  /** Source of the environment's seed and of random actions, each a stream of its own. */
  readonly rng: Rng;
  /** The generator that the policy explores with. */
  readonly exploration: Rng;
  /** Control steps of this actor with uniformly random actions at the start. */
  readonly randomSteps: number;
  readonly tell: (message: ActorMessage) => void;
}

/**
 * Acts until the gate says that it is to end.
 * @param snapshot where it continues; a new episode in every scene without
 */
export async function runActor(options: ActorOptions, snapshot?: Uint8Array): Promise<void> {
  const { env, policy, vectors, replay, gate, mailbox, rng, randomSteps, tell } = options;
  const randomActions = rng.split('random actions');
  const generators = [randomActions, options.exploration];
  let ended = false;

  const acting: Policy = {
    async act(obs, actions, mode) {
      if (gate.made() < randomSteps) {
        for (let i = 0; i < actions.length; i++) actions[i] = randomActions.uniform(-1, 1);
        return;
      }
      mailbox.receive(vectors);
      await gate.computing(() => policy.act(obs, actions, mode));
    },
  };
  const run: Rollout = rollout(env, acting, {
    seed: rng.split('environment').bits(),
    steps: Number.POSITIVE_INFINITY,
    beforeStep: async () => !ended && gate.enter(env.numEnvs, tellSnapshot),
    store(frame) {
      ended ||= !gate.mayStore();
      if (!ended) replay.push(frame);
    },
    async afterStep() {
      if (!ended) gate.count(env.numEnvs, mailbox.lag());
    },
  });
  const tellSnapshot = (): void => {
    if (env.snapshot) tell({ kind: 'snapshot', snapshot: pack(run, generators) });
  };
  run.episodes$.subscribe((episode) => {
    if (!ended) tell({ kind: 'episode', episode });
  });
  if (snapshot) unpack(snapshot, run, generators);
  await new Promise<void>((resolve, reject) => {
    run.run$.subscribe({ error: reject, complete: resolve });
  });
}

function pack(run: Rollout, generators: readonly Rng[]): Uint8Array {
  const states = new Uint32Array(generators.flatMap((generator) => generator.state()));
  return packBytes([run.snapshot(), states]);
}

function unpack(snapshot: Uint8Array, run: Rollout, generators: readonly Rng[]): void {
  const [loop, states] = unpackBytes(snapshot);
  run.restore(loop!);
  const words = new Uint32Array(states!.slice().buffer);
  generators.forEach((generator, i) => {
    generator.restore([...words.subarray(4 * i, 4 * i + 4)] as unknown as RngState);
  });
}
