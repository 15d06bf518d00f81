/** Where on the scrubber something happened in the focused scene: ticks of its range. */
import type { EventLog } from '../logic/event-log.ts';
import type { Recording } from '../logic/recording.ts';
import { element } from './element.ts';

export class EventMarks {
  /** For the `list` of the range, whose values are places in the recording. */
  readonly element = element('datalist', { id: 'event-marks' });
  #marked = '';

  draw(events: EventLog, { oldest }: Recording, focus: number): void {
    const here = events.since(oldest).filter(({ scene }) => scene === focus);
    const places = [...new Set(here.map(({ place }) => place))];
    const all = places.join();
    if (all === this.#marked) return;
    this.#marked = all;
    this.element.replaceChildren(...places.map((place) => element('option', { value: place })));
  }
}
