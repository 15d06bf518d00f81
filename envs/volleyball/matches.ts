/** The three matches: where their players stand and who serves. Figures after VolleyBots (arXiv:2502.01932). */
import { matchDefinition } from './match-task.ts';
import { ralliesOf } from './players/rally.ts';
import { oneOnOne, sixOnSix, threeOnThree } from './rules/by-task.ts';

/** The reference starts teams exactly at their places; here no two matches begin alike. */
const nearlyStill = { position: [0.1, 0.1, 0.1], tilt: 0, yaw: [0, 0] } as const;

export const volley1v1 = matchDefinition('volley-1v1', 'Two quadrotors play volleyball against each other', {
  rules: oneOnOne,
  team: false,
  places: [[1.5, 0, 2]],
  start: { position: [0.1, 0.1, 0.1], tilt: 0.1, yaw: [0, 0] },
  server: 0,
  serveHeight: 1.5,
  seconds: 20,
  opponent: ralliesOf,
});

export const volley3v3 = matchDefinition('volley-3v3', 'Volleyball with three quadrotors a side', {
  rules: threeOnThree,
  team: true,
  places: [
    [3, -1.5, 2],
    [3, 1.5, 2],
    [6, 0, 2],
  ],
  start: nearlyStill,
  server: 2,
  serveHeight: 3,
  seconds: 10,
  opponent: ralliesOf,
});

export const volley6v6 = matchDefinition('volley-6v6', 'Volleyball with six quadrotors a side', {
  rules: sixOnSix,
  team: true,
  places: [
    [3, -3, 2],
    [3, 0, 2],
    [3, 3, 2],
    [6, -3, 2],
    [9, 0, 2],
    [6, 3, 2],
  ],
  start: nearlyStill,
  server: 4,
  serveHeight: 3,
  seconds: 10,
  opponent: ralliesOf,
});
