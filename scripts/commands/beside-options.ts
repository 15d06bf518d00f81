/** Whom a run has beside its agent, as flags of `train` and of `bench agents`. */
import type { Command } from 'commander';
import { collect } from './options.ts';

export interface BesideFlags {
  readonly base?: string;
  readonly expert?: string;
  readonly dial: readonly string[];
  readonly reference?: string;
  readonly from?: string;
}

export const withBesideOptions = (command: Command): Command =>
  command
    .option(
      '--from <dir>',
      'begin a new run with what that one has learnt, in its environment or another like it',
    )
    .option(
      '--base <what>',
      'let the agent correct what a frozen policy does: scripted, a run folder, or a policy.onnx',
    )
    .option(
      '--expert <who>',
      'have somebody take over now and then: scripted, scripted:<grade>, a run folder, or a policy.onnx',
    )
    .option('--dial <name=value>', 'change a dial of a scripted expert; may be repeated', collect, [])
    .option('--reference <dir>', 'run whose values tell the expert when (--set intervention=value)');

/** The same as arguments. */
export const besideArguments = ({ dial, ...flags }: BesideFlags): string[] => [
  ...(['from', 'base', 'expert', 'reference'] as const).flatMap((name) =>
    flags[name] === undefined ? [] : [`--${name}`, flags[name]],
  ),
  ...dial.flatMap((assignment) => ['--dial', assignment]),
];
