/** A page on the port of a worker: the same messages as over a socket. */
import { afterEach, expect, test, vi } from 'vitest';
import {
  type ConnectionStatus,
  connectPort,
  type ViewConnection,
} from '../../../../src/viewer/app/connection.ts';
import { encodeFrame, type Report, type ViewFrame } from '../../../../src/viewer/protocol.ts';
import { toyFrame, toyState } from '../toy-source.ts';

let worker: MessagePort;
let page: ViewConnection;
afterEach(() => {
  page.close();
  worker.close();
});

function connect(): { reports: Report[]; frames: ViewFrame[]; statuses: ConnectionStatus[] } {
  const channel = new MessageChannel();
  worker = channel.port2;
  page = connectPort(channel.port1);
  const [reports, frames, statuses]: [Report[], ViewFrame[], ConnectionStatus[]] = [[], [], []];
  page.reports$.subscribe((report) => reports.push(report));
  page.frames$.subscribe((frame) => frames.push(frame));
  page.status$.subscribe((status) => statuses.push(status));
  return { reports, frames, statuses };
}

test('reports come as JSON, frames as bytes, whole or as a part of a buffer', async () => {
  const { reports, frames, statuses } = connect();
  expect(statuses).toEqual(['connecting']);
  worker.postMessage(JSON.stringify(toyState));
  const bytes = encodeFrame(toyFrame({ step: 7, time: 0.5 }));
  worker.postMessage(bytes);
  const larger = new Uint8Array(bytes.length + 8);
  larger.set(bytes, 8);
  worker.postMessage(larger.subarray(8));
  worker.postMessage(bytes.buffer);
  await vi.waitFor(() => expect(frames).toHaveLength(3));
  expect(reports).toEqual([toyState]);
  for (const frame of frames) expect([frame.step, frame.time, [...frame.action]]).toEqual([7, 0.5, [0.25]]);
  expect(statuses).toEqual(['connecting', 'open']);
});

test('requests go as JSON', async () => {
  connect();
  const received: unknown[] = [];
  worker.addEventListener('message', ({ data }) => received.push(JSON.parse(data)));
  worker.start();
  page.send({ type: 'speed', factor: 2 });
  await vi.waitFor(() => expect(received).toEqual([{ type: 'speed', factor: 2 }]));
});

test('what is none of the protocol’s is refused with what to do', async () => {
  const { reports, statuses } = connect();
  worker.postMessage('{"type":"hello"}');
  await vi.waitFor(() => expect(statuses).toEqual(['connecting', 'refused']));
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({ type: 'notice', level: 'error' });
  expect((reports[0] as { message: string }).message).toContain('Load the page again.');
});
