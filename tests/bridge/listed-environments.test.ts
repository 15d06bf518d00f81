/** Every listed environment that can be seen is seen in Foxglove too, without a line of its own. */
import { of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { envs } from '../../envs/index.ts';
import type { Entity } from '../../src/bridge/scene-entities.ts';
import { type TelemetryFrame, telemetryChannels } from '../../src/bridge/telemetry.ts';
import { viewLayout } from '../../src/core/appearance.ts';
import { createEnv } from '../support/env-runs.ts';
import { type JsonSchema, violations } from './json-schema.ts';
import { decode } from './sample-run.ts';

const primitivesOf = ({ arrows, cubes, spheres, cylinders, lines, triangles }: Entity): number =>
  [arrows, cubes, spheres, cylinders, lines, triangles].reduce((sum, { length }) => sum + length, 0);

describe.each(Object.keys(envs))('environment %s', (id) => {
  test('has transforms of its bodies, and at least one primitive for each shape', () => {
    const env = createEnv(id, 2);
    const { spec, view } = env;
    if (!view) throw new Error(`${id} cannot be seen`);
    const { appearance } = view;
    const obs = env.reset(3).subarray(0, env.observationSpace.size);
    const { size } = viewLayout(appearance);
    const rows = new Float32Array(2 * size);
    for (const scene of [0, 1]) view.draw(scene, rows.subarray(scene * size, (scene + 1) * size));
    const frame: TelemetryFrame = {
      time: 0,
      focus: 1,
      intervened: false,
      value: Number.NaN,
      reward: 0,
      rows,
      action: new Float32Array(env.actionSpace.size),
      obs,
      rewardTerms: new Float32Array(spec.rewardTerms.length),
    };
    const channels = telemetryChannels(
      {
        env: {
          rewardTerms: spec.rewardTerms,
          observation: env.observationSpace.components,
          action: env.actionSpace.components,
        },
        appearance,
      },
      { frames$: of(frame) },
    );

    const entities: Entity[] = [];
    let transforms = 0;
    for (const { topic, schema, messages$ } of channels) {
      messages$.subscribe(({ data }) => {
        const message = decode(data);
        expect(violations(JSON.parse(schema) as JsonSchema, message, topic)).toEqual([]);
        entities.push(...(message.entities ?? []));
        transforms += message.transforms?.length ?? 0;
      });
    }
    env.close();
    expect(transforms).toBe(1 + appearance.bodies.length);
    const shapes = appearance.fixed.length + appearance.bodies.flatMap((body) => body.shapes).length;
    expect(entities.reduce((sum, entity) => sum + primitivesOf(entity), 0)).toBeGreaterThanOrEqual(shapes);
    expect(new Set(entities.map((entity) => entity.id)).size).toBe(entities.length);
  });
});
