/** What `bench agents` plans, and by what it knows a run again. */
import { expect, it } from 'vitest';
import { plansOf, samePlan } from '../../scripts/bench/agents/plan.ts';
import { besideArguments } from '../../scripts/commands/beside-options.ts';

const asked = { agents: ['residual'], envs: ['hand-grasp-lift'], seeds: 2, settings: [], label: '' };

it('has a base of its own for each seed where its name asks for it', () => {
  const options = besideArguments({ base: 'runs/clone-{seed}', dial: ['jitter=0.1', 'lagSteps=2'] });
  expect(plansOf({ ...asked, options }).map((plan) => plan.options)).toEqual(
    [0, 1].map((seed) => ['--base', `runs/clone-${seed}`, '--dial', 'jitter=0.1', '--dial', 'lagSteps=2']),
  );
});

it('takes a run with another base for another one, and one without as it ever was', () => {
  const [plain] = plansOf(asked);
  const [based] = plansOf({ ...asked, options: ['--base', 'scripted'] });
  expect(Object.keys(plain!)).not.toContain('options');
  expect(samePlan(plain!, { ...plain!, options: undefined })).toBe(true);
  expect(samePlan(plain!, based!)).toBe(false);
});
