/** What `checkEnv` can find: its rules with their severities, and a list that tells each problem once. */

/** `error`: the contract is broken and training would go wrong. `advice`: allowed, and rarely meant. */
export type Severity = 'error' | 'advice';

const severities = {
  // What the environment and its definition say of themselves.
  settings: 'error',
  'settings-loose': 'advice',
  id: 'error',
  member: 'error',
  spec: 'error',
  space: 'error',
  'action-bounds': 'error',
  'obs-unbounded': 'advice',
  'snapshot-absent': 'advice',
  // Calls.
  crash: 'error',
  'step-before-reset': 'advice',
  'action-count': 'advice',
  'action-not-finite': 'advice',
  // What a step returns.
  'array-type': 'error',
  'array-length': 'error',
  'arrays-allocated': 'advice',
  'obs-not-finite': 'error',
  'obs-out-of-bounds': 'error',
  'reward-not-finite': 'error',
  'reward-sum': 'error',
  'flag-value': 'error',
  'both-ends': 'error',
  'success-without-end': 'error',
  'success-undescribed': 'advice',
  'score-not-finite': 'error',
  'actions-written': 'error',
  'actions-unclipped': 'error',
  'applied-actions': 'error',
  // Episodes.
  'truncated-early': 'error',
  'time-limit-missed': 'error',
  'time-limit-terminated': 'error',
  'time-limit-unseen': 'advice',
  'team-apart': 'error',
  'not-restarted': 'error',
  'final-obs-unfilled': 'error',
  'final-obs-differs': 'error',
  'final-obs-fresh': 'error',
  'final-obs-old': 'error',
  'stale-obs': 'error',
  // Values.
  'obs-constant': 'advice',
  'reward-constant': 'advice',
  'reward-scale': 'advice',
  // One trajectory told twice.
  unseeded: 'error',
  'reset-incomplete': 'error',
  'instances-differ': 'error',
  'seeds-alike': 'advice',
  'scenes-alike': 'advice',
  'actions-kept': 'error',
  'returned-arrays-read': 'advice',
  'snapshot-view': 'error',
  'snapshot-differs': 'error',
  'scenes-coupled': 'error',
  // What is to be seen of it.
  appearance: 'error',
  'view-row': 'error',
  'view-contacts': 'error',
  'view-disturbs': 'error',
} as const satisfies Record<string, Severity>;

/** The name of a rule, for tests and filters. */
export type EnvRule = keyof typeof severities;

export interface EnvProblem {
  readonly severity: Severity;
  readonly rule: EnvRule;
  /** What is wrong, where, and what to do. */
  readonly message: string;
  /** What was thrown, where a call into the environment threw. */
  readonly cause?: unknown;
}

interface Details {
  /** What this is about, such as a component; further ones are listed behind the first message of the rule. */
  readonly subject?: string;
  /** Problems of one rule with different groups stand apart. */
  readonly group?: string;
  readonly cause?: unknown;
}

/** At most so many further subjects are named. */
const NAMED = 6;

export class Findings {
  /** The call into the user's code that is under way, or the last one. */
  call = 'Reading the environment';
  readonly #found = new Map<string, { problem: EnvProblem; subjects: Set<string | undefined> }>();

  /** @param say the message, asked for only where it is the first of its rule and group */
  add(rule: EnvRule, say: () => string, { subject, group = '', cause }: Details = {}): void {
    const key = `${rule} ${group}`;
    const known = this.#found.get(key);
    if (known) {
      known.subjects.add(subject);
      return;
    }
    const problem = {
      severity: severities[rule],
      rule,
      message: say(),
      ...(cause !== undefined && { cause }),
    };
    this.#found.set(key, { problem, subjects: new Set([subject]) });
  }

  has(...rules: readonly EnvRule[]): boolean {
    return [...this.#found.values()].some(({ problem }) => rules.includes(problem.rule));
  }

  /** Runs `work`; what it throws becomes a problem of the call under way. @returns whether `work` came to its end */
  attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (cause) {
      const text = errorText(cause);
      this.add(
        'crash',
        () =>
          `${this.call} threw: ${text} The stack is in this problem's \`cause\`; repair it, and check again.`,
        { group: text, cause },
      );
      return false;
    }
  }

  /** Errors first. */
  list(): EnvProblem[] {
    const problems = [...this.#found.values()].map(({ problem, subjects }) => {
      const [, ...others] = [...subjects];
      if (others.length === 0) return problem;
      const rest = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
      return {
        ...problem,
        message: `${problem.message} So it is with ${others.slice(0, NAMED).join(', ')}${rest}.`,
      };
    });
    const of = (severity: Severity) => problems.filter((problem) => problem.severity === severity);
    return [...of('error'), ...of('advice')];
  }
}

/** Name and message as one sentence. */
function errorText(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
