/** Which recorded frame is shown: the newest one, or an earlier one that stays. */
import type { Recording } from './recording.ts';

/** Times are sums of control steps: by so much, s, they miss what they ought to be. */
const ROUNDING = 1e-6;

export class Playhead {
  readonly #recording: Recording;
  /** Place in the recording; null follows the newest frame. */
  #place: number | null = null;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  get live(): boolean {
    return this.#place === null;
  }

  /** Place of the frame that is shown. A frame that has been dropped since makes way for the oldest one. */
  get place(): number {
    const { oldest, newest } = this.#recording;
    return this.#place === null ? newest : Math.max(oldest, this.#place);
  }

  /** Shows the frame at `place`, or the nearest recorded one. */
  seek(place: number): void {
    const { oldest, newest } = this.#recording;
    if (newest < oldest) return;
    this.#place = Math.max(oldest, Math.min(newest, place));
  }

  follow(): void {
    this.#place = null;
  }

  /** Goes `seconds` of simulated time on, or back where negative; at least one frame. */
  skip(seconds: number): void {
    const { oldest, newest } = this.#recording;
    if (newest < oldest) return;
    const goal = this.#recording.at(this.place).time + seconds;
    const direction = Math.sign(seconds);
    let place = this.place + direction;
    while (place > oldest && place < newest && direction * (goal - this.#recording.at(place).time) > ROUNDING)
      place += direction;
    this.seek(place);
  }
}
