/** What pages see, as channels for Foxglove and Lichtblick: the same frames, at most thirty a second. */
import { concatMap, defer, filter, map, merge, type Observable, share } from 'rxjs';
import type { Channel } from '../bridge/channel.ts';
import { telemetryChannels } from '../bridge/telemetry.ts';
import { FRAME_TIME, type ViewEpisode, type ViewFrame, type ViewNotice } from './protocol.ts';
import type { SourceReport, ViewSource } from './source.ts';

/** @throws RangeError when two bodies have the same name */
export function telemetryOf(source: ViewSource): Channel[] {
  const { env, appearance } = source.hello;
  const ofType = <T extends SourceReport['type']>(type: T) =>
    source.reports$.pipe(
      filter((report): report is Extract<SourceReport, { type: T }> => report.type === type),
    );
  return telemetryChannels(
    { env, appearance },
    {
      frames$: framesOf(source),
      events$: source.events$,
      episodes$: ofType('episode') as Observable<ViewEpisode>,
      logs$: ofType('notice') as Observable<ViewNotice>,
    },
  );
}

/** Captured while anybody listens; the first one at once where the loop is at rest. */
function framesOf(source: ViewSource): Observable<ViewFrame> {
  const frames$ = defer(() => {
    let due = 0;
    const due$ = source.steps$.pipe(
      filter((time) => {
        if (time < due) return false;
        due = time + FRAME_TIME;
        return true;
      }),
    );
    // Captured within `next`, though what is sent may wait for an estimate of the value.
    const captured$ = merge(due$, source.rests$).pipe(
      map(() => source.capture(false)),
      concatMap((frame) => frame),
    );
    queueMicrotask(() => source.refresh());
    return captured$;
  });
  return frames$.pipe(share());
}
