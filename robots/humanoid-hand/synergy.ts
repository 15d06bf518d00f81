/**
 * A hand by six inputs from 0 to 1, in the order of hands that have six motors (Inspire, Ability; DexMimicGen,
 * arXiv:2410.24185): flexion and opposition of the thumb, then the curl of each finger, from the index on. Fingers bend
 * mostly in their middle joint: bent as much in the first, they get stuck on the table beside what they should grasp.
 */

export const synergyNames = [
  'thumb.flexion',
  'thumb.opposition',
  'index.curl',
  'middle.curl',
  'ring.curl',
  'little.curl',
] as const;

/** Joint angles at 0, and what is added up to 1, rad. */
const curl = { mcp: [0.25, 0.9], pip: [0.05, 1.6], dip: [0.05, 0.5] } as const;
const thumb = { opposition: [0, 1.4], cmc: [-0.3, 1.25], mcp: [0, 0.9], ip: [0, 0.8] } as const;

const along = ([from, gain]: readonly [number, number], input: number): number => from + gain * input;

/**
 * Writes joint angles in the order of a hand's joints, rad.
 * @param inputs `[6]` from `i` on, each in [0, 1]
 * @param angles `[20]` from `a` on
 */
export function writeSynergy(inputs: ArrayLike<number>, i: number, angles: Float32Array, a: number): void {
  for (let finger = 0; finger < 4; finger++) {
    const input = inputs[i + 2 + finger]!;
    const at = a + 4 * finger;
    angles[at] = 0;
    angles[at + 1] = along(curl.mcp, input);
    angles[at + 2] = along(curl.pip, input);
    angles[at + 3] = along(curl.dip, input);
  }
  const [flexion, opposition] = [inputs[i]!, inputs[i + 1]!];
  angles[a + 16] = along(thumb.opposition, opposition);
  angles[a + 17] = along(thumb.cmc, flexion);
  angles[a + 18] = along(thumb.mcp, flexion);
  angles[a + 19] = along(thumb.ip, flexion);
}

/** The inputs that targets were made from: the curl of a finger by its mcp, the flexion of the thumb by its cmc, rad. */
export const curlOf = (mcp: number): number => (mcp - curl.mcp[0]) / curl.mcp[1];
export const flexionOf = (cmc: number): number => (cmc - thumb.cmc[0]) / thumb.cmc[1];
