/** The page as `proprio view` serves it: the stream is beside it, the token in the address behind `#`. */
import { connectSocket } from './connection.ts';
import { startPage } from './page.ts';

const stream = new URL('stream', location.href);
stream.protocol = stream.protocol.replace('http', 'ws');
stream.hash = '';
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;

startPage(document.getElementById('page')!, connectSocket(stream, token));
