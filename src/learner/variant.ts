/** An algorithm under other settings, with a name of its own: no copy of its maths. */
import type { SearchSpace } from '../core/search.ts';
import { settingsWithDefaults } from '../core/settings.ts';
import type { OffPolicyDefinition } from './definition.ts';

export interface Variant<Settings> {
  readonly name: string;
  readonly description: string;
  /** As in the algorithm unless told; null for one that learns from what it does. */
  readonly offline?: 'first' | null;
  readonly guided?: true;
  /** Defaults that differ from those of the algorithm. */
  readonly settings: Partial<Settings>;
  /** Defaults of the training loop that belong to the variant. */
  readonly training?: Readonly<Record<string, unknown>>;
  /** Domains that differ from those of the algorithm, or that it has not. */
  readonly search?: SearchSpace<Settings>;
}

export function variantOf<Settings>(
  base: OffPolicyDefinition<Settings>,
  { name, description, offline, guided, settings, training, search }: Variant<Settings>,
): OffPolicyDefinition<Settings> {
  const { offline: inherited, ...common } = base;
  const learns = offline === undefined ? inherited : offline;
  return {
    ...common,
    name,
    description,
    ...(learns ? { offline: learns } : {}),
    ...(guided ? { guided } : {}),
    settings: settingsWithDefaults(base.settings, settings as Readonly<Record<string, unknown>>),
    training: { ...base.training, ...training },
    ...((base.search || search) && { search: { ...base.search, ...search } as SearchSpace<Settings> }),
  };
}
