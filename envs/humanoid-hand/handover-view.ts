/** What stands where a parcel is handed over, the zone that it is carried over, and how all of it looks. */
import { still } from '../../robots/humanoid-hand/index.ts';
import type { BodyAppearance, EnvView, Vector3 } from '../../src/core/appearance.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { handoverStages } from './handover-stage.ts';
import { parcel } from './parcel.ts';
import type { DrivenHand, HandTaskScenes } from './scenes.ts';
import { exhibitOf, handView, markerOf } from './view.ts';

/** Edges of the table's plate, m, and of its middle: the top is at height 0. */
const TABLE: Vector3 = [0.7, 1, 0.04];
export const LONG_TABLE_HEIGHT = -TABLE[2] / 2;
export const longTable = still({ type: 'box', size: TABLE }, 0.8);

/** The middle of a parcel over the zone is within this of its middle, level, m. */
export const ZONE_RADIUS = 0.06;

const zone: BodyAppearance = {
  name: 'zone',
  shapes: [
    {
      geometry: { type: 'cylinder', radius: ZONE_RADIUS, halfHeight: 0.001 },
      material: { color: '#4b9f6b', opacity: 0.7 },
    },
  ],
};

interface HandoverSight {
  readonly driven: readonly DrivenHand[];
  readonly body: BodyFleet;
  /** `[N, 3]` m */
  readonly zones: Float32Array;
  /** `[N]` in stages. */
  readonly progress: Float32Array;
}

export const handoverView = (
  scenes: HandTaskScenes,
  { driven, body, zones, progress }: HandoverSight,
): EnvView =>
  handView(scenes, {
    driven,
    exhibits: [exhibitOf(parcel.appearance, body), markerOf(zone, zones, 1, 0)],
    fixed: [
      {
        geometry: { type: 'box', size: TABLE },
        position: [0, 0, LONG_TABLE_HEIGHT],
        material: { color: '#b9a88f', roughness: 0.9 },
      },
    ],
    readouts: [
      {
        name: 'stage',
        words: [...handoverStages, 'done'],
        write(scene, row, at) {
          row[at] = Math.floor(progress[scene]!);
        },
      },
    ],
    extent: 1.2,
    cameras: [
      { name: 'oblique', position: [0.85, -0.75, 0.75], target: [0, 0.02, 0.2] },
      { name: 'from the front', position: [1.15, 0, 0.45], target: [0, 0, 0.2] },
    ],
  });
