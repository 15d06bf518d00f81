/** What a URDF file cannot say and a robot needs: a JSON file of ours beside it. */
import { z } from 'zod';
import { ConfigurationError } from '../../core/errors.ts';
import { parseSettings, settings } from '../../core/settings.ts';

const pair = z.tuple([z.string(), z.string()]);

export const urdfOptions = settings({
  passing: z
    .array(pair)
    .default([])
    .describe('pairs of links that pass through each other, beside those with a joint between them'),
  maxEffort: z
    .record(z.string(), z.number().min(0))
    .default({})
    .describe('most effort by joint, N·m or N; "*" is for all that are not named'),
  capsules: z
    .array(z.string())
    .default([])
    .describe('links whose collision meshes touch by capsules around them; "*" is for all'),
  openMeshes: z
    .boolean()
    .default(false)
    .describe('take the hull of a collision mesh although its surface has holes'),
});
export type UrdfOptions = ReturnType<typeof urdfOptions.parse>;

/** @param file for messages @throws ConfigurationError that names what is wrong */
export function parseUrdfOptions(text: string, file: string): UrdfOptions {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`${file} is no JSON: ${(error as Error).message}`);
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new ConfigurationError(`${file} has to hold an object, such as {"maxEffort": {"*": 0.7}}.`);
  return parseSettings(file, urdfOptions, values as Record<string, unknown>);
}
