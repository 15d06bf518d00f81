/** URDF files of tests: those beside this file, and small ones written in a test. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readUrdf, type UrdfReading, type UrdfSource } from '../../../src/physics/urdf/load.ts';
import { urdfOptions } from '../../../src/physics/urdf/options.ts';
import type { Robot } from '../../../src/physics/urdf/robot.ts';

export const twoFinger = fileURLToPath(new URL('files/two_finger/urdf/two_finger.urdf', import.meta.url));

export const readFile = async (path: string): Promise<Uint8Array | undefined> =>
  existsSync(path) ? readFileSync(path) : undefined;

/** @param options as in a file */
export const readTwoFinger = (options: Record<string, unknown> = {}): Promise<UrdfReading> =>
  readUrdf({
    path: twoFinger,
    text: readFileSync(twoFinger, 'utf8'),
    read: readFile,
    options: urdfOptions.parse(options),
  });

/** @param files what is beside it, by path */
export const readText = (
  text: string,
  options: Record<string, unknown> = {},
  files: Readonly<Record<string, Uint8Array | string>> = {},
): Promise<UrdfReading> => {
  const source: UrdfSource = {
    path: 'robots/test.urdf',
    text,
    options: urdfOptions.parse(options),
    read: async (path) => {
      const file = files[path];
      return typeof file === 'string' ? new TextEncoder().encode(file) : file;
    },
  };
  return readUrdf(source);
};

/** `<robot>` on the first line, and what it holds from the second on. */
export const robotOf = (...lines: readonly string[]): string =>
  ['<robot name="test">', ...lines, '</robot>'].join('\n');

/** A base and a hinge about z with what it moves, to put what is tested in. */
export const hinge = (parts: {
  readonly joint?: string;
  readonly link?: string;
  readonly limit?: string;
  readonly rest?: string;
}): string => {
  const {
    joint = '',
    link = '<inertial><mass value="1"/><inertia ixx="1" ixy="0" ixz="0" iyy="1" iyz="0" izz="1"/></inertial>',
    limit = '<limit lower="-1" upper="1" effort="2" velocity="3"/>',
    rest = '',
  } = parts;
  return robotOf(
    '<link name="base"/>',
    '<joint name="hinge" type="revolute"><parent link="base"/><child link="arm"/><axis xyz="0 0 1"/>',
    `${limit}${joint}</joint>`,
    `<link name="arm">${link}</link>`,
    rest,
  );
};

/** @throws Error with what is refused */
export function accepted({ robot, findings }: UrdfReading): Robot {
  if (robot) return robot;
  throw new Error(findings.map(({ line, label, text }) => `${line} ${label}: ${text}`).join('\n'));
}
