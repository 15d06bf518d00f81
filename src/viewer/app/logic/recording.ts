/** The last minutes of frames, to go back to. Bounded in frames and in bytes: the oldest make room. */
import type { ViewFrame } from '../../protocol.ts';

/** Two minutes at thirty frames a second. */
const MAX_FRAMES = 3_600;
const MAX_BYTES = 128 * 2 ** 20;

const bytesOf = ({ rows, action, obs, rewardTerms, contacts }: ViewFrame): number =>
  4 * (rows.length + action.length + obs.length + rewardTerms.length + contacts.length);

/** Frames are named by their place in the order of arrival, which stays theirs when older ones are dropped. */
export class Recording {
  readonly #frames: (ViewFrame | undefined)[];
  readonly #maxBytes: number;
  #bytes = 0;
  #oldest = 0;
  #end = 0;
  /** Added to the time of frames. */
  #timeOffset = 0;

  constructor(maxFrames = MAX_FRAMES, maxBytes = MAX_BYTES) {
    this.#frames = new Array(maxFrames);
    this.#maxBytes = maxBytes;
  }

  /** Place of the oldest frame. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Place of the newest frame; less than `oldest` when there is none. */
  get newest(): number {
    return this.#end - 1;
  }

  /** The frame at a place. @throws RangeError when it is not recorded */
  at(place: number): ViewFrame {
    const frame =
      place >= this.#oldest && place < this.#end ? this.#frames[place % this.#frames.length] : undefined;
    if (!frame)
      throw new RangeError(
        `Frame ${place} is not among ${this.#oldest} to ${this.newest}, which are recorded.`,
      );
    return frame;
  }

  /**
   * Keeps a frame, which must not be written to afterwards. Simulated time goes on where a restart sets it back, so that
   * the recording has one axis. A frame of the same moment as the newest takes its place.
   * @returns the frame as recorded
   */
  add(frame: ViewFrame): ViewFrame {
    const last = this.#newestFrame();
    if (last && frame.time + this.#timeOffset < last.time) this.#timeOffset = last.time - frame.time;
    const recorded = this.#timeOffset === 0 ? frame : { ...frame, time: frame.time + this.#timeOffset };
    if (last && last.time === recorded.time && last.step === recorded.step) this.#dropNewest();
    const size = bytesOf(frame);
    while (this.#end > this.#oldest && this.#isFullFor(size)) this.#dropOldest();
    this.#frames[this.#end % this.#frames.length] = recorded;
    this.#bytes += size;
    this.#end++;
    return recorded;
  }

  /** From the oldest to the newest. */
  frames(): ViewFrame[] {
    return Array.from({ length: this.#end - this.#oldest }, (_, i) => this.at(this.#oldest + i));
  }

  #newestFrame(): ViewFrame | undefined {
    return this.#end > this.#oldest ? this.#frames[this.newest % this.#frames.length] : undefined;
  }

  #isFullFor(size: number): boolean {
    return this.#end - this.#oldest >= this.#frames.length || this.#bytes + size > this.#maxBytes;
  }

  #dropNewest(): void {
    this.#bytes -= bytesOf(this.#newestFrame()!);
    this.#end--;
  }

  #dropOldest(): void {
    const slot = this.#oldest % this.#frames.length;
    this.#bytes -= bytesOf(this.#frames[slot]!);
    this.#frames[slot] = undefined;
    this.#oldest++;
  }
}
