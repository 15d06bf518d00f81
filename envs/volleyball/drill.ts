/** What the drills with a ball share: one aircraft about an anchor, the ball above it, what is observed, and how it is told. */
import type { Vector3 } from '../../src/core/appearance.ts';
import type { Rng } from '../../src/core/rng.ts';
import { type Space, space } from '../../src/core/space.ts';
import type { Game } from './game.ts';
import type { MatchRules } from './rules/by-task.ts';
import { ballFaults, flightFaults, touchFaults } from './rules/faults.ts';
import { anyHeading, type StartRange, VolleyScenes, type VolleySettings } from './scenes.ts';
import { placeVector, selfComponents, velocityVector } from './sight.ts';
import type { Readout } from './view.ts';

/** In the middle of the near half, m. */
export const ANCHOR: Vector3 = [4.5, 0, 2];
const START: StartRange = { position: [0.5, 0.5, 0.2], ...anyHeading };

export interface Drill {
  readonly scenes: VolleyScenes;
  readonly game: Game;
  readonly observationSpace: Space;
  /** @param height of the ball above the aircraft, m */
  start(scene: number, rng: Rng, height: number): void;
  observe(scene: number, obs: Float32Array): void;
  /** Whether the ball was hit in the last control step, as it may be. */
  hit(scene: number): boolean;
  /** How many kinds of faults the match has ended with: of touching, of flying, of the ball. */
  faults(scene: number): number;
  readonly readouts: readonly Readout[];
}

export function createDrill(numEnvs: number, settings: VolleySettings, rules: MatchRules): Drill {
  const scenes = new VolleyScenes({ scenes: numEnvs, aircraft: 1, settings, rules });
  const game = scenes.game!;
  const { ball } = game;
  const { sheet, words } = game.referee;
  return {
    scenes,
    game,
    observationSpace: space(
      selfComponents,
      placeVector('anchor'),
      placeVector('ball'),
      velocityVector('ball.velocity'),
    ),
    start(scene, rng, height) {
      scenes.start(scene, rng, ANCHOR, START);
      scenes.game!.serve(scene, 0, height);
    },
    observe(scene, obs) {
      const { sight } = scenes;
      let at = sight.observeSelf(scene, obs, 0);
      at = sight.observeFrom(ANCHOR, 0, scene, obs, at);
      at = sight.observeFrom(ball.position, 3 * scene, scene, obs, at);
      sight.observeVector(ball.linearVelocity, 3 * scene, obs, at);
    },
    hit: (scene) => sheet.hits[scene] !== 0,
    faults(scene) {
      const own = sheet.faults[scene]!;
      const loose = sheet.sideFaults[2 * scene]! & ballFaults;
      return [own & touchFaults, own & flightFaults, loose].filter((set) => set !== 0).length;
    },
    readouts: [
      { name: 'hits', read: (scene) => sheet.rally[scene]! },
      {
        name: 'last',
        words: words.events.map(({ text }) => text),
        read: (scene) => sheet.lastEvent[scene]!,
      },
    ],
  };
}
