/** Who may have the stream: told from the request, before a connection is made of it. Node only. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { equalTokens } from '../bridge/upgrade.ts';
import { SUBPROTOCOL } from './protocol.ts';

/** Where the stream is, beside the page. */
export const STREAM_PATH = '/stream';
const TOKEN_PREFIX = 'token.';

export interface Access {
  /** Only machines that are this one can reach the server. */
  readonly loopback: boolean;
  /** What a page has to know; none where everybody who can reach the server may. */
  readonly token?: string | undefined;
}

/** Why a request gets no stream: HTTP status and a sentence. */
export interface Denial {
  readonly status: 400 | 401 | 403 | 404;
  readonly reason: string;
}

/** Of characters that an address and a header may hold. */
export const createToken = (): string => randomBytes(24).toString('base64url');

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** @returns undefined where the request may have the stream */
export function denialOf({ url = '', headers }: IncomingMessage, access: Access): Denial | undefined {
  if (url.split('?')[0] !== STREAM_PATH) return { status: 404, reason: `The stream is at ${STREAM_PATH}.` };
  if (!fromOwnPage(headers.origin, headers.host, access)) {
    return { status: 403, reason: `A page of ${headers.origin} may not read this stream.` };
  }
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (access.token !== undefined) {
    const given = offered.find((name) => name.startsWith(TOKEN_PREFIX))?.slice(TOKEN_PREFIX.length);
    if (given === undefined) return { status: 401, reason: `A token is needed: "${TOKEN_PREFIX}…".` };
    if (!equalTokens(given, access.token)) return { status: 401, reason: 'The token is wrong.' };
  }
  if (offered.includes(SUBPROTOCOL)) return undefined;
  return { status: 400, reason: `This server speaks ${SUBPROTOCOL}; load its page again.` };
}

/**
 * Browsers always say which page a request comes from, so that a page of somebody else's cannot read the
 * stream in its visitor's name. Names that lead to this machine for the attack alone are no names of its own,
 * so on loopback only those that everybody has count.
 */
function fromOwnPage(origin: string | undefined, host: string | undefined, { loopback }: Access): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  return page.host === host && (!loopback || isLoopback(page.hostname.replace(/^\[|\]$/g, '')));
}
