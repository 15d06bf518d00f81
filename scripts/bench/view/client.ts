/**
 * A page's end of the stream, in a process of its own: it takes what it is sent and does nothing with it.
 * Told `connect` with an address, or `leave`; asked for `frames`, it answers with their number since it was
 * asked last.
 */
import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '../../../src/viewer/protocol.ts';

export type ClientOrder = { readonly connect: string } | 'leave' | 'frames';

let socket: WebSocket | undefined;
let frames = 0;

process.on('message', (order: ClientOrder) => {
  if (order === 'leave') socket?.close();
  else if (order === 'frames') {
    process.send!(frames);
    frames = 0;
  } else {
    socket = new WebSocket(order.connect, [SUBPROTOCOL]);
    socket.on('message', (_, isBinary) => {
      if (isBinary) frames++;
    });
  }
});
