/** Calls something once in each control step, as a robot's loop does: on time, or late once, but never in a burst. */

export interface ControlLoop {
  /** How late steps began, ms: the newest `LATENESS_KEPT` of them. */
  lateness(): Float64Array;
  /** Steps that were left out because the one before took too long. */
  readonly missed: number;
  stop(): void;
}

const LATENESS_KEPT = 65_536;
/** Timers are exact to about a millisecond: so long before a step is due, the loop stays awake, ms. */
const AWAKE = 1.5;

/** @param dt s */
export function startControlLoop(dt: number, step: () => void): ControlLoop {
  const period = 1e3 * dt;
  const kept = new Float64Array(LATENESS_KEPT);
  let steps = 0;
  let missed = 0;
  let due = performance.now() + period;
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;
  let stopped = false;

  function wait(): void {
    const left = due - performance.now();
    if (left > AWAKE) timer = setTimeout(run, left - AWAKE);
    else soon = setImmediate(run);
  }
  function run(): void {
    if (stopped) return;
    const now = performance.now();
    if (now < due) {
      wait();
      return;
    }
    kept[steps++ % LATENESS_KEPT] = now - due;
    step();
    due += period;
    const behind = Math.floor((performance.now() - due) / period);
    if (behind > 0) {
      missed += behind;
      due += behind * period;
    }
    wait();
  }
  wait();

  return {
    lateness: () => kept.slice(0, Math.min(steps, LATENESS_KEPT)),
    get missed() {
      return missed;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      clearImmediate(soon);
    },
  };
}
