/**
 * A robot of a URDF file to look at. Its joints stand where sliders put them, by forward kinematics: nothing has weight
 * here, and nothing is in the way.
 */
import { POSE_SIZE, type Teleoperation, viewLayout } from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { ProprioError } from '../../src/core/errors.ts';
import type { Policy } from '../../src/core/policy.ts';
import { space, symmetric } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { robotAppearance } from '../../src/physics/urdf/appearance.ts';
import {
  followMimics,
  poseRobot,
  type Robot,
  type RobotJoint,
  restOf,
} from '../../src/physics/urdf/robot.ts';
import { MOST_CONTROLS } from '../../src/viewer/protocol.ts';

export interface RobotDisplay {
  /** Actions are the positions of the joints that follow no other, from −1 to 1 over their range. */
  readonly env: VectorEnv;
  /** A slider for each of them. */
  readonly teleoperation: Teleoperation;
  /** Leaves the joints where they are. */
  readonly hold: Policy;
}

/** s */
const CONTROL_DT = 1 / 30;

/** @throws ProprioError for a robot without joints that move, or with more than the page has sliders for */
export function displayRobot(robot: Robot, scenes: number): RobotDisplay {
  const { joints } = robot;
  const free = joints.map((_, i) => i).filter((i) => !joints[i]!.mimic);
  if (free.length === 0) throw new ProprioError(`"${robot.name}" has no joints to move.`);
  if (free.length > MOST_CONTROLS)
    throw new ProprioError(
      `"${robot.name}" has ${free.length} joints, and the page has sliders for ${MOST_CONTROLS}.`,
    );
  const positions = Array.from({ length: scenes }, () => new Float64Array(joints.length));
  const appearance = robotAppearance(robot);
  const { bodies } = viewLayout(appearance);

  const env = createVectorEnv({
    spec: {
      id: robot.name,
      description: 'Robot of a URDF file, moved by forward kinematics',
      agents: 1,
      controlDt: CONTROL_DT,
      maxEpisodeSteps: Number.MAX_SAFE_INTEGER,
      rewardTerms: ['none'],
    },
    numEnvs: scenes,
    observationSpace: space(
      joints.map((joint) => {
        const [low, high] = sweepOf(joint);
        return { name: joint.name, unit: unitOf(joint), low, high };
      }),
    ),
    actionSpace: space(free.map((i) => symmetric(joints[i]!.name, '1', 1))),
    view: {
      appearance,
      draw(scene, row) {
        poseRobot(robot, positions[scene]!).forEach(({ position, rotation }, i) => {
          row.set([...position, ...rotation], bodies + POSE_SIZE * i);
        });
      },
    },
    start(scene) {
      positions[scene]!.set(joints.map(restOf));
      followMimics(robot, positions[scene]!);
    },
    advance(actions) {
      positions.forEach((row, scene) => {
        free.forEach((joint, i) => {
          row[joint] = positionOf(joints[joint]!, actions[free.length * scene + i]!);
        });
        followMimics(robot, row);
      });
    },
    observe: (scene, obs) => obs.set(positions[scene]!),
    judge(_, rewardTerms) {
      rewardTerms[0] = 0;
      return false;
    },
    state: positions,
  });

  return {
    env,
    teleoperation: {
      controls: free.map((i) => {
        const joint = joints[i]!;
        const [low, high] = sweepOf(joint);
        return {
          name: joint.name,
          low: low.toFixed(2),
          high: `${high.toFixed(2)} ${unitOf(joint)}`,
          slider: { start: actionOf(joint, restOf(joint)) },
        };
      }),
      act: (commands, _, action) => action.set(commands),
    },
    hold: {
      async act(obs, actions) {
        for (let scene = 0; scene < scenes; scene++)
          free.forEach((joint, i) => {
            actions[free.length * scene + i] = actionOf(joints[joint]!, obs[joints.length * scene + joint]!);
          });
      },
    },
  };
}

const unitOf = ({ kind }: RobotJoint): 'm' | 'rad' => (kind === 'prismatic' ? 'm' : 'rad');

/** Its range, of which a joint without an end has one turn. */
const sweepOf = ({ range }: RobotJoint): readonly [number, number] =>
  Number.isFinite(range[0]) ? range : [-Math.PI, Math.PI];

function positionOf(joint: RobotJoint, action: number): number {
  const [low, high] = sweepOf(joint);
  return low + ((action + 1) / 2) * (high - low);
}

function actionOf(joint: RobotJoint, position: number): number {
  const [low, high] = sweepOf(joint);
  return (2 * (position - low)) / (high - low) - 1;
}
