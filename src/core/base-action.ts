/**
 * Where a frozen policy, the base, is corrected by another one: its action is observed beside everything else, as the last
 * components of an observation.
 */
import { type Space, space } from './space.ts';

const PREFIX = 'base.';

/** What is observed in an environment with a base: what there is, then the base's action. */
export const spaceWithBase = (observation: Space, action: Space): Space =>
  space(
    observation.components,
    action.components.map((component) => ({ ...component, name: `${PREFIX}${component.name}` })),
  );

/** Whether the last components of an observation are a base's action. */
export const hasBase = (observation: Space, action: Space): boolean =>
  action.components.every(
    ({ name }, i) => observation.components[observation.size - action.size + i]?.name === `${PREFIX}${name}`,
  );
