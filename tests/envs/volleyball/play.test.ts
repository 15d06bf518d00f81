/** Ball, racket and court, against closed forms. */
import { describe, expect, test } from 'vitest';
import { ball } from '../../../envs/volleyball/ball.ts';
import { soloBump } from '../../../envs/volleyball/rules/by-task.ts';
import { CONTACT_HEIGHT, VolleyScenes } from '../../../envs/volleyball/scenes.ts';
import { hoverAction, noVariation, racketHeight, racketIris } from '../../../robots/quadrotor/index.ts';
import { rollPitchYaw } from '../../../src/physics/math.ts';
import { GRAVITY } from '../../../src/physics/packed-world.ts';

const RESTITUTION = 0.8;
const settings = { actionMode: 'rates', ...allZero() } as const;
function allZero() {
  return { massVariation: 0, inertiaVariation: 0, motorLagVariation: 0, thrustVariation: 0, windSpeed: 0 };
}
/** Level, at rest. */
const HOVER = [0, 0, 0, hoverAction(racketIris, GRAVITY)];

interface Situation {
  /** Of the aircraft: m, m/s, quaternion. */
  readonly drone: readonly number[];
  readonly droneVelocity?: readonly number[];
  readonly attitude?: readonly number[];
  readonly ball: readonly number[];
  readonly ballVelocity?: readonly number[];
}

function situated(situations: readonly Situation[]): VolleyScenes {
  const scenes = new VolleyScenes({ scenes: situations.length, aircraft: 1, settings, rules: soloBump });
  const { bodies } = scenes.fleet;
  const { ball: balls, referee } = scenes.game!;
  situations.forEach((s, scene) => {
    bodies.position.set(s.drone, 3 * scene);
    bodies.linearVelocity.set(s.droneVelocity ?? [0, 0, 0], 3 * scene);
    bodies.rotation.set(s.attitude ?? [0, 0, 0, 1], 4 * scene);
    scenes.fleet.vary(scene, noVariation);
    scenes.fleet.place(scene, (HOVER[3]! + 1) / 2);
    balls.position.set(s.ball, 3 * scene);
    balls.linearVelocity.set(s.ballVelocity ?? [0, 0, 0], 3 * scene);
    balls.rotation.set([0, 0, 0, 1], 4 * scene);
    balls.place(scene);
    referee.start(scene, 0, balls.position, 3 * scene);
  });
  return scenes;
}

/** Flies in place, and shows each control step. */
function hover(scenes: VolleyScenes, steps: number, see: (step: number) => void): void {
  const actions = Float32Array.from({ length: 4 * scenes.world.scenes }, (_, i) => HOVER[i % 4]!);
  for (let step = 1; step <= steps; step++) {
    scenes.fly(actions);
    see(step);
  }
}

const speedUp = (scenes: VolleyScenes, scene = 0): number => scenes.game!.ball.linearVelocity[3 * scene + 2]!;

/** Speed along z that two bodies meeting centrally leave the ball with, m/s. */
function rebound(before: number, racket: number): number {
  const [m, M] = [ball.mass, racketIris.mass];
  return (m * before + M * racket + M * RESTITUTION * (racket - before)) / (m + M);
}

describe('a ball that falls onto the racket of a hovering aircraft', () => {
  test('is there when it has fallen that far, and leaves with 0.8 of its speed, as two bodies share momentum', () => {
    const scenes = situated([{ drone: [4.5, 0, 2], ball: [4.5, 0, 4] }]);
    const fall = 2 - CONTACT_HEIGHT;
    const due = Math.sqrt((2 * fall) / GRAVITY);
    let [hitAt, after] = [0, 0];
    hover(scenes, 40, (step) => {
      if (hitAt === 0 && scenes.game!.referee.sheet.hits[0]) [hitAt, after] = [step * 0.02, speedUp(scenes)];
    });
    // Told at the end of the control step that it happened in.
    expect(hitAt - due).toBeGreaterThan(-0.005);
    expect(hitAt - due).toBeLessThan(0.025);
    const impact = Math.sqrt(2 * GRAVITY * fall);
    // Up to a control step of gravity after, and a physics step before.
    expect(after).toBeLessThan(rebound(-impact, 0) + 0.05);
    expect(after).toBeGreaterThan(rebound(-impact, 0) - 0.02 * GRAVITY - 0.05);
    scenes.close();
  });

  test('rises to 0.64 of the height, and comes back after the time of that flight', () => {
    const scenes = situated([{ drone: [4.5, 0, 2], ball: [4.5, 0, 4] }]);
    const hits: number[] = [];
    let [top, last] = [0, 0];
    hover(scenes, 90, (step) => {
      const { rally } = scenes.game!.referee.sheet;
      if (rally[0]! > last) hits.push(0.02 * step);
      last = rally[0]!;
      if (last === 1) top = Math.max(top, scenes.game!.ball.position[2]!);
    });
    const fall = 2 - CONTACT_HEIGHT;
    const up = rebound(-Math.sqrt(2 * GRAVITY * fall), 0);
    expect(top).toBeCloseTo(2 + CONTACT_HEIGHT + up ** 2 / (2 * GRAVITY), 1);
    // The aircraft has been pushed down by the hit and sinks a few centimetres.
    expect(hits[1]! - hits[0]!).toBeGreaterThan((2 * up) / GRAVITY - 0.02);
    expect(hits[1]! - hits[0]!).toBeLessThan((2 * up) / GRAVITY + 0.05);
    scenes.close();
  });

  test.each([-1, 1, 2])('is sent off by a racket that moves at %d m/s as Newton says', (speed) => {
    const gap = 0.1;
    const scenes = situated([
      {
        drone: [4.5, 0, 2],
        droneVelocity: [0, 0, speed],
        ball: [4.5, 0, 2 + CONTACT_HEIGHT + gap],
        ballVelocity: [0, 0, -5],
      },
    ]);
    let after = 0;
    hover(scenes, 3, () => {
      if (scenes.game!.referee.sheet.hits[0]) after = speedUp(scenes);
    });
    const impact = -Math.sqrt(25 + 2 * GRAVITY * gap);
    expect(Math.abs(after - rebound(impact, speed))).toBeLessThan(0.02 * GRAVITY + 0.1);
    expect(after).toBeGreaterThan(0);
    scenes.close();
  });

  test('leaves a tilted racket as a mirror turns light, but for what the restitution takes', () => {
    const tilt = 0.3;
    const attitude = rollPitchYaw(0, tilt, 0);
    const [nx, nz] = [Math.sin(tilt), Math.cos(tilt)];
    const centre = [4.5 + nx * (CONTACT_HEIGHT + 0.02), 0, 2 + nz * (CONTACT_HEIGHT + 0.02)];
    const scenes = situated([{ drone: [4.5, 0, 2], attitude, ball: centre, ballVelocity: [0, 0, -6] }]);
    hover(scenes, 1, () => {});
    const [x, y, z] = scenes.game!.ball.linearVelocity.subarray(0, 3);
    // v − (1 + e)(v·n)n, for an aircraft 304 times as heavy.
    const along = -6 * nz;
    const gain = -((1 + RESTITUTION) * along * racketIris.mass) / (racketIris.mass + ball.mass);
    expect(Math.abs(x! - gain * nx)).toBeLessThan(0.1);
    expect(Math.abs(y!)).toBeLessThan(1e-3);
    expect(Math.abs(z! - (-6 + gain * nz))).toBeLessThan(0.25);
    scenes.close();
  });

  test('pushes the aircraft with the momentum that it takes away', () => {
    const start: Situation = {
      drone: [4.5, 0, 2],
      ball: [4.5, 0, 2 + CONTACT_HEIGHT + 0.01],
      ballVelocity: [0, 0, -10],
    };
    const scenes = situated([start, { ...start, ball: [4.5, 3, 1] }]);
    hover(scenes, 1, () => {});
    const v = scenes.fleet.bodies.linearVelocity;
    const taken = ball.mass * (speedUp(scenes) + 10 + GRAVITY * 0.02);
    // Drag takes a little of it within the control step.
    expect(racketIris.mass * (v[5]! - v[2]!)).toBeCloseTo(taken, 3);
    scenes.close();
  });
});

describe('no ball passes through an aircraft at 20 m/s', () => {
  const { radius } = racketIris.racket!;
  const top = racketHeight(racketIris);
  /** From 30 directions onto 7 places of the airframe. */
  const shots: Situation[] = [];
  for (let direction = 0; direction < 30; direction++) {
    const height = 1 - (2 * direction + 1) / 30;
    const around = direction * Math.PI * (3 - Math.sqrt(5));
    const level = Math.sqrt(1 - height ** 2);
    const from = [level * Math.cos(around), level * Math.sin(around), height];
    for (let place = 0; place < 7; place++) {
      const [x, y] = place === 0 ? [0, 0] : [0.6 * radius * Math.cos(place), 0.6 * radius * Math.sin(place)];
      const goal = [4.5 + x!, y!, 2 + top / 2];
      shots.push({
        drone: [4.5, 0, 2],
        ball: goal.map((at, k) => at + 1.03 * from[k]!),
        ballVelocity: from.map((part) => -20 * part),
      });
    }
  }

  test('from any direction, onto any place of it', () => {
    const scenes = situated(shots);
    const touched = new Uint8Array(shots.length);
    hover(scenes, 6, () => {
      const { contact, hits } = scenes.game!.referee.sheet;
      for (let scene = 0; scene < shots.length; scene++)
        if (hits[scene]! !== 0 || contact[scene]! > 0) touched[scene] = 1;
    });
    expect(shots.filter((_, scene) => touched[scene] === 0)).toEqual([]);
    const { position, linearVelocity } = scenes.game!.ball;
    const wrong = shots.filter(({ ballVelocity, drone }, scene) => {
      const steepness = Math.abs(ballVelocity![2]!) / 20;
      // What comes from above stays above, and from below, below; what comes from the side goes back. In between it may slide over.
      if (steepness > 0.6)
        return Math.sign(position[3 * scene + 2]! - drone[2]!) === Math.sign(ballVelocity![2]!);
      const back = ballVelocity!.reduce((sum, v, k) => sum + v * linearVelocity[3 * scene + k]!, 0);
      return steepness < 0.2 && back > 0;
    });
    expect(wrong).toEqual([]);
    scenes.close();
  });
});

test('a ball on the floor bounces with the mean of both restitutions', () => {
  const scenes = situated([{ drone: [4.5, 0, 2], ball: [2, 2, 1.1] }]);
  let top = 0;
  let down = false;
  hover(scenes, 60, () => {
    down ||= speedUp(scenes) > 0;
    if (down) top = Math.max(top, scenes.game!.ball.position[2]!);
  });
  expect(top - ball.radius).toBeCloseTo(0.4 ** 2 * 1, 2);
  scenes.close();
});

test('a ball that flies off into a neighbour’s court meets nothing there', () => {
  const scenes = situated([
    { drone: [4.5, 0, 2], ball: [4.5 + 12, 0, 2], ballVelocity: [20, 0, 5] },
    { drone: [4.5, 0, 2], ball: [0, 4, 9] },
    { drone: [4.5, 0, 2], ball: [0, 4, 9] },
    { drone: [4.5, 0, 2], ball: [0, 4, 9] },
  ]);
  // In the shared world scene 1 is one square of 24 m further along x; the ball crosses the place of its aircraft.
  hover(scenes, 40, () => {});
  const [x] = scenes.game!.ball.linearVelocity;
  expect(x).toBeCloseTo(20, 4);
  scenes.close();
});
