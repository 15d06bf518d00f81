/** What was decided between a URDF file and a robot, and what is wrong in the file, each with its place. */
import { ProprioError } from '../../core/errors.ts';

/**
 * `merged`: links that a fixed joint holds together are one. `capped`: a limit of the file is too high. `guessed`: the
 * file does not say it. `ignored`: it plays no part. `limited`: the engine cannot do what the file says. `refused`: with
 * this there is no robot.
 */
export const findingKinds = ['merged', 'capped', 'guessed', 'ignored', 'limited', 'refused'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Where something stands in a file. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** The element and those around it: `<joint "elbow"> <limit>`. */
  readonly label: string;
}

export interface Finding extends Place {
  readonly kind: FindingKind;
  /** What it is and, of what is refused, what to do. */
  readonly text: string;
}

/** Collects findings, so that all that is wrong is told at once. */
export class Findings {
  readonly list: Finding[] = [];

  add(kind: FindingKind, { line, label }: Place, text: string): void {
    this.list.push({ kind, line, label, text });
  }

  refuse(place: Place, text: string): void {
    this.add('refused', place, text);
  }

  get refused(): boolean {
    return this.list.some(({ kind }) => kind === 'refused');
  }
}

/** `hand.urdf:12 <joint "elbow"> <limit>: …` */
export const findingText = (file: string, { line, label, text }: Finding): string =>
  `${file}:${line} ${label}: ${text}`;

/** @throws ProprioError with all that is refused, a line each, where anything is */
export function assertAccepted(file: string, findings: readonly Finding[]): void {
  const refused = findings.filter(({ kind }) => kind === 'refused');
  if (refused.length > 0)
    throw new ProprioError(refused.map((finding) => findingText(file, finding)).join('\n'));
}
