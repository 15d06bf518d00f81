/** `proprio list`: what there is to train, with and on. */
import { Command } from 'commander';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { robots } from '../../robots/index.ts';
import { lookUp } from '../../src/core/errors.ts';

interface Listing {
  readonly name: string;
  readonly description: string;
}

const catalogue: Readonly<Record<string, () => Listing[]>> = {
  envs: () => Object.values(envs).map(({ id, description }) => ({ name: id, description })),
  agents: () => Object.values(agents).map(({ name, description }) => ({ name, description })),
  robots: () => Object.values(robots).map(({ name, description }) => ({ name, description })),
};

export const listCommand = (): Command =>
  new Command('list')
    .description('Show environments, agents and robots')
    .argument('[what]', 'envs, agents or robots; all of them without it')
    .option('--json', 'print one JSON value: objects with name and description')
    .addHelpText('after', '\nExamples:\n  proprio list\n  proprio list envs --json')
    .action((what: string | undefined, { json }: { json?: boolean }) => {
      const kinds = what === undefined ? Object.keys(catalogue) : [what];
      const lists = kinds.map((kind) => [kind, lookUp('list', catalogue, kind)()] as const);
      if (json) {
        console.log(JSON.stringify(what === undefined ? Object.fromEntries(lists) : lists[0]![1]));
        return;
      }
      for (const [kind, listings] of lists) {
        console.log(`${kind}:`);
        for (const { name, description } of listings) console.log(`  ${name.padEnd(16)} ${description}`);
      }
    });
