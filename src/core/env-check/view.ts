/** The rules for an environment that is looked at: every number is written, and nobody can tell that somebody looked. */
import {
  type Appearance,
  ARROW_SIZE,
  type EnvView,
  POSE_SIZE,
  readoutReader,
  scenesOf,
  viewLayout,
} from '../appearance.ts';
import { checkAppearance } from './appearance.ts';
import type { Check, Driver, Recording } from './driver.ts';
import { replay } from './replay.ts';

/** Steps that are looked at. */
const STEPS = 60;
/** How far the length of a rotation may be from 1. */
const UNIT_TOLERANCE = 1e-3;

export function checkView(check: Check, recording: Recording): void {
  const { driver, findings } = check;
  const { view } = driver.env;
  if (!view || !checkAppearance(view.appearance, findings)) return;
  const { size } = viewLayout(view.appearance);
  const row = new Float32Array(size);
  const checkWords = wordsRule(check, view.appearance);
  const look = (): void => {
    for (let scene = 0; scene < scenesOf(driver.env); scene++) {
      row.fill(Number.NaN);
      driver.draw(scene, row);
      checkRow(check, view.appearance, row, scene);
      checkWords(row, scene);
      if (view.contacts) checkContacts(check, driver.contacts(scene), scene);
    }
  };
  const until = Math.min(STEPS, recording.actions.length);
  const seen = replay(driver, recording, { until, before: look });
  if (seen) {
    findings.add(
      'view-disturbs',
      () =>
        `When scenes had been drawn, the same actions led elsewhere: ${seen}. Let draw() and contacts() only read, and draw no random numbers in them.`,
    );
    return;
  }
  const pushed = view.push && replay(driver, recording, { until, before: () => pushByNothing(driver, view) });
  if (!pushed) return;
  findings.add(
    'view-disturbs',
    () =>
      `A push of 0 N, which lets go, made the same actions lead elsewhere: ${pushed}. Add no force then, and do not wake what sleeps.`,
    { group: 'push' },
  );
}

function pushByNothing(driver: Driver, { appearance }: EnvView): void {
  for (let scene = 0; scene < scenesOf(driver.env); scene++) {
    appearance.bodies.forEach(({ mass }, body) => {
      if (mass !== undefined) driver.push(scene, body, [0, 0, 0], [0, 0, 0]);
    });
  }
}

function checkRow(
  { driver, findings }: Check,
  appearance: Appearance,
  row: Float32Array,
  scene: number,
): void {
  const at = row.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const subject = numberName(appearance, at);
    findings.add(
      'view-row',
      () =>
        `draw() left ${subject} at ${row[at]}${driver.at(scene)}. Write every number of the row, finite, in each call; viewLayout says where it stands.`,
      { subject },
    );
    return;
  }
  appearance.bodies.forEach(({ name }, body) => {
    const rotation = row.subarray(POSE_SIZE * body + 3, POSE_SIZE * (body + 1));
    const length = Math.hypot(...rotation);
    if (Math.abs(length - 1) < UNIT_TOLERANCE) return;
    findings.add(
      'view-row',
      () =>
        `draw() gave "${name}" the rotation (${rotation.join(', ')}), of length ${length}${driver.at(scene)}. It has to be a quaternion x, y, z, w of length 1.`,
      { group: 'rotation', subject: `"${name}"` },
    );
  });
}

/** A value that is told in words needs one. */
function wordsRule(
  { driver, findings }: Check,
  appearance: Appearance,
): (row: Float32Array, scene: number) => void {
  const { readouts = [], signals = [] } = appearance;
  if (!readouts.every(({ signal }) => signals.includes(signal))) return () => {};
  const read = readoutReader(appearance);
  return (row, scene) =>
    read(row).forEach((said, i) => {
      const { name, words } = readouts[i]!;
      if (!words || typeof said === 'string') return;
      findings.add(
        'view-row',
        () =>
          `draw() gave read-out "${name}" the value ${said}${driver.at(scene)}, and its words are for 0 to ${words.length - 1}. Write the index of a word, or add the words that are missing.`,
        { group: 'words', subject: `"${name}"` },
      );
    });
}

function checkContacts({ driver, findings }: Check, contacts: Float32Array, scene: number): void {
  if (contacts.length % 6 === 0 && contacts.every(Number.isFinite)) return;
  findings.add(
    'view-contacts',
    () =>
      `contacts() returned ${contacts.length} numbers (${contacts.slice(0, 6).join(', ')} …)${driver.at(scene)}; six finite ones belong to each contact: a point, then a force.`,
  );
}

/** What a number of a row belongs to. */
function numberName(appearance: Appearance, at: number): string {
  const layout = viewLayout(appearance);
  const { bodies, arrows = [], signals = [], fields = [] } = appearance;
  if (at < layout.arrows) return `the pose of "${bodies[Math.floor(at / POSE_SIZE)]!.name}"`;
  if (at < layout.signals) return `arrow "${arrows[Math.floor((at - layout.arrows) / ARROW_SIZE)]!.name}"`;
  if (at < layout.signals + signals.length) return `signal "${signals[at - layout.signals]}"`;
  return `field "${fields.findLast((_, i) => at >= layout.fields[i]!)!.name}"`;
}
