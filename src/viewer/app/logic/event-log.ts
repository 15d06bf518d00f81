/** The last things that happened, each with the frame that shows it first: they go back in time with the picture. */
import type { ViewEvent } from '../../protocol.ts';

const CAPACITY = 500;

export interface PlacedEvent extends ViewEvent {
  /** Of the frame in the recording. */
  readonly place: number;
}

export class EventLog {
  readonly #events: PlacedEvent[] = [];

  /** @param place of the next frame that comes: events are told before the step that they happen in is seen */
  add(event: ViewEvent, place: number): void {
    this.#events.push({ ...event, place });
    if (this.#events.length > CAPACITY) this.#events.shift();
  }

  /** Those that are shown first by a frame from `oldest` on, oldest first. */
  since(oldest: number): PlacedEvent[] {
    return this.#events.filter(({ place }) => place >= oldest);
  }

  /** At most `most` of a scene up to the frame at `place`, newest first. */
  until(place: number, scene: number, most: number): PlacedEvent[] {
    return this.#events
      .filter((event) => event.scene === scene && event.place <= place)
      .slice(-most)
      .reverse();
  }
}
