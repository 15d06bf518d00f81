/** Environments with a frozen policy in them, whose action is observed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ppo } from '../../agents/ppo.ts';
import { residual } from '../../agents/residual.ts';
import { sac } from '../../agents/sac.ts';
import { envs } from '../../envs/index.ts';
import { hasBase, spaceWithBase } from '../../src/core/base-action.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import { type BasePolicy, spacesOfEnv } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { createActor, type PolicyMaths } from '../../src/learner/index.ts';
import { carryOut } from '../../src/learner/plans.ts';
import { createState } from '../../src/learner/state.ts';
import { episodesWithBase } from '../../src/rollout/demonstrations.ts';
import { evaluate } from '../../src/rollout/evaluate.ts';
import { recordEpisodes } from '../../src/rollout/record.ts';
import { withBase } from '../../src/rollout/with-base.ts';
import { findBase } from '../../src/run/base.ts';
import { readLines, temporaryFolder } from '../support/temporary.ts';
import {
  constantPolicy,
  copyOf,
  TOY_ACTION,
  TOY_OBSERVATION,
  TOY_STEPS,
  toyEnv,
} from '../support/toy-env.ts';
import { createRun, stopAt, trainRun } from '../support/training.ts';

const WIDTH = TOY_OBSERVATION + TOY_ACTION;

/** Plans three steps from the age that it sees: push = age / 10 of the plan, burn = 0.1, 0.2, 0.3 within it. */
const planner = (): BasePolicy =>
  carryOut(
    async (obs, plans) => {
      for (let scene = 0; scene < obs.length / TOY_OBSERVATION; scene++)
        for (let step = 0; step < 3; step++)
          plans.set([obs[scene * TOY_OBSERVATION + 1]! / 10, 0.1 * (step + 1)], 2 * (3 * scene + step));
    },
    { horizon: 3, carriedOut: 3 },
    TOY_ACTION,
  );
const baseIn = (obs: Float32Array, scene: number): number[] =>
  [...obs.subarray(scene * WIDTH + TOY_OBSERVATION, (scene + 1) * WIDTH)].map(
    (value) => Math.round(1e6 * value) / 1e6,
  );

describe('an environment with a base', () => {
  it('is observed with what the base does, as its last components', async () => {
    const env = toyEnv(2);
    const wrapped = withBase(env, constantPolicy([0.5, -3], [0.25, 0]));
    expect(wrapped.observationSpace.components.map(({ name }) => name)).toEqual([
      ...env.observationSpace.components.map(({ name }) => name),
      'base.push',
      'base.burn',
    ]);
    expect(hasBase(wrapped.observationSpace, wrapped.actionSpace)).toBe(true);
    expect(hasBase(env.observationSpace, env.actionSpace)).toBe(false);
    const twin = toyEnv(2);
    const start = twin.reset(3);
    const obs = await wrapped.reset(3);
    for (let scene = 0; scene < 2; scene++)
      expect(obs.slice(scene * WIDTH, scene * WIDTH + TOY_OBSERVATION)).toEqual(
        start.slice(scene * TOY_OBSERVATION, (scene + 1) * TOY_OBSERVATION),
      );
    // Beyond its bounds it is as the environment would cut it.
    expect([baseIn(obs, 0), baseIn(obs, 1)]).toEqual([
      [0.5, -1],
      [0.25, 0],
    ]);
  });

  it('has the base go on with its plan at an end, and begin anew after it', async () => {
    const env = withBase(toyEnv(1), planner());
    const seen = [baseIn(await env.reset(1), 0)];
    const ends: number[][] = [];
    for (let step = 0; step < TOY_STEPS + 1; step++) {
      const batch = copyOf(await env.step(new Float32Array(TOY_ACTION)));
      seen.push(baseIn(batch.obs, 0));
      if (batch.truncated[0]) ends.push(baseIn(batch.finalObs, 0));
      else expect(baseIn(batch.finalObs, 0)).toEqual(seen.at(-1));
    }
    expect(seen).toEqual([
      ...[
        [0, 0.1],
        [0, 0.2],
        [0, 0.3],
      ],
      ...[
        [0.3, 0.1],
        [0.3, 0.2],
        [0.3, 0.3],
      ],
      // Six steps are over; what it would have done at age 6 is the first step of a plan that nobody sees.
      ...[
        [0, 0.1],
        [0, 0.2],
      ],
    ]);
    expect(ends).toEqual([[0.6, 0.1]]);
  });

  it('goes on from a snapshot, plans included', async () => {
    const [first, second] = [withBase(toyEnv(2), planner()), withBase(toyEnv(2), planner())];
    const still = new Float32Array(2 * TOY_ACTION);
    await first.reset(1);
    for (let step = 0; step < 4; step++) await first.step(still);
    await second.reset(9);
    second.restore!(first.snapshot!());
    for (let step = 0; step < 8; step++)
      expect(copyOf(await second.step(still))).toEqual(copyOf(await first.step(still)));
  });

  it('refuses a base whose action is no number, saying which', async () => {
    const env = withBase(toyEnv(2), constantPolicy([0, 0], [0, Number.NaN]));
    await expect(env.reset(1)).rejects.toThrow(/The base's action "burn" is NaN in scene 1/);
  });

  it('observes recorded episodes as they would have been seen', async () => {
    const plain = toyEnv(1);
    const demonstrator = { ...constantPolicy([0.1, 0]), begin: () => ({}) };
    const episodes = await recordEpisodes({ env: plain, demonstrator, episodes: 2, seed: 5 });
    const relabelled = await episodesWithBase(episodes, planner(), spacesOfEnv(plain));
    const env = withBase(toyEnv(1), planner());
    const seen = [(await env.reset(5)).slice()];
    for (let step = 0; step < 2 * TOY_STEPS; step++) {
      const { obs, finalObs, truncated } = await env.step(Float32Array.of(0.1, 0));
      seen.push(finalObs.slice());
      if (truncated[0]) seen.push(obs.slice());
    }
    const rows = relabelled.flatMap(({ observations, length }) =>
      Array.from({ length: length + 1 }, (_, t) => observations.slice(t * WIDTH, (t + 1) * WIDTH)),
    );
    expect(rows).toEqual(seen.slice(0, rows.length));
  });
});

describe.each([
  ['ppo with a scale', ppo, { residualScale: 0.3 }],
  ['residual', residual, {}],
  ['sac with a scale', sac, { residualScale: 0.3 }],
] as const)('a residual that has learnt nothing (%s)', (_, agent, given) => {
  it('does exactly what its base does', async () => {
    const definition = envs['drone-hover'] as EnvDefinition;
    const settings = definition.settings.parse({ reward: 'sparse' });
    const base = definition.scripted!(definition.create(8, settings), settings);
    const plain = definition.create(8, settings);
    const env = withBase(definition.create(8, settings), base);
    const maths: PolicyMaths = agent.build(
      spacesOfEnv(env),
      agent.settings.parse({ hidden: [16], ...given }) as never,
    );
    const vectors = createState(maths, createRng(1)).vectors;
    const learner = await createActor(maths, spacesOfEnv(env), vectors, createRng(2));
    expect(await evaluate(env, learner, 16, 7)).toEqual(await evaluate(plain, base, 16, 7));
    await learner.dispose();
  });
});

describe('a run on a base', () => {
  const parent = temporaryFolder();
  const training = { demonstrationEpisodes: 2, multiStep: 3, evaluationInterval: 200 };
  const agent = { critics: 3, policyDelay: 2 };
  const shared = { env: 'drone-hover', agentName: 'residual', agent, training, steps: 400 };

  it('goes on after a stop as if there had been none, whatever the base', async () => {
    const clone = createRun(join(parent, 'clone'), {
      ...{ env: 'drone-hover', agentName: 'bc', offline: true, steps: 40, agent: { horizon: 4 } },
      training: { demonstrationEpisodes: 2 },
    });
    await trainRun(clone);
    const definition = envs['drone-hover'] as EnvDefinition;
    const settings = definition.settings.parse({});
    for (const name of ['scripted', clone.path]) {
      const { kind, model } = findBase(name, definition, settings);
      const [whole, stopped] = ['whole', 'halves'].map((part) => {
        const folder = createRun(join(parent, `${kind}-${part}`), { ...shared, base: kind });
        if (model) folder.saveBase(model);
        return folder;
      });
      const losses = (events: Awaited<ReturnType<typeof trainRun>>) =>
        events.flatMap((event) =>
          event.kind === 'metrics' && event.step > 200 ? [event.values['train/critic_loss']] : [],
        );
      const expected = losses(await trainRun(whole!));
      await trainRun(stopped!, { onEvent: stopAt(200) });
      expect(losses(await trainRun(stopped!, { resume: true }))).toEqual(expected);
      const last = ({ path }: { path: string }) => {
        const { time: _, ...evaluation } = readLines(join(path, 'evaluations.jsonl')).at(-1)!;
        return evaluation;
      };
      expect(last(stopped!)).toEqual(last(whole!));
    }
  }, 60_000);

  it('is refused where the base is for something else, naming the field', async () => {
    const pendulum = envs.pendulum as EnvDefinition;
    const hover = envs['drone-hover'] as EnvDefinition;
    const of =
      (name: string, definition: EnvDefinition, given = {}) =>
      () =>
        findBase(name, definition, definition.settings.parse(given));
    expect(of('scripted', pendulum)).toThrow('--base scripted: "pendulum" has no scripted controller.');
    expect(of('nowhere', hover)).toThrow(/--base nowhere: there is no policy at nowhere/);
    const clone = join(parent, 'clone');
    expect(of(clone, pendulum)).toThrow(ConfigurationError);
    expect(of(clone, pendulum)).toThrow(/its controlDt is 0.02, and "pendulum" with these settings has 0.05/);
    const other = temporaryFolder();
    writeFileSync(join(other, 'policy.onnx'), '');
    const env = hover.create(1, hover.settings.parse({}));
    const own = { controlDt: env.spec.controlDt, action: env.actionSpace.components };
    const observation = env.observationSpace.components.map((component, i) =>
      i === 2 ? { ...component, unit: 'cm' } : component,
    );
    writeFileSync(join(other, 'policy.json'), JSON.stringify({ ...own, observation }));
    expect(of(other, hover)).toThrow(/its observation\[2\].unit is "cm", and "drone-hover" .* has "/);
    env.close();
  });
});

it('names what a base does after the actions', () => {
  const { observationSpace, actionSpace } = toyEnv(1);
  expect(spaceWithBase(observationSpace, actionSpace).size).toBe(WIDTH);
});
