/** Who may connect to a robot: told from the request, before a connection is made of it. Node only. */
import type { IncomingMessage } from 'node:http';
import { equalTokens } from '../upgrade.ts';
import { ROBOT_SUBPROTOCOL } from './protocol.ts';

export interface RobotAccess {
  /** What a client has to know, as `Authorization: Bearer …`; anybody may connect without. */
  readonly token?: string | undefined;
  /** Web pages that may connect, such as `https://desk.example.org`; none unless told. */
  readonly origins: readonly string[];
  readonly maxClients: number;
  readonly maxClientsPerAddress: number;
}

/** Why a request gets no connection: HTTP status and a sentence. */
export interface Denial {
  readonly status: 400 | 401 | 403 | 429;
  readonly reason: string;
}

/**
 * @param connected how many are, and how many of them come from the address of this request
 * @returns undefined where the request may have a connection
 */
export function robotDenialOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { token, origins, maxClients, maxClientsPerAddress }: RobotAccess,
  connected: { readonly all: number; readonly fromThere: number },
): Denial | undefined {
  const { origin, authorization = '' } = headers;
  // Browsers always say which page a request comes from, and a page of somebody else's is not to move a robot.
  if (origin !== undefined && !origins.includes(origin))
    return { status: 403, reason: `A page of ${origin} may not connect to this robot.` };
  if (token !== undefined) {
    const given = /^Bearer (.+)$/.exec(authorization)?.[1];
    if (given === undefined)
      return { status: 401, reason: 'A token is needed: Authorization: Bearer <token>.' };
    if (!equalTokens(given, token)) return { status: 401, reason: 'The token is wrong.' };
  }
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(ROBOT_SUBPROTOCOL))
    return { status: 400, reason: `This robot speaks ${ROBOT_SUBPROTOCOL}.` };
  if (connected.all >= maxClients || connected.fromThere >= maxClientsPerAddress)
    return { status: 429, reason: 'Too many clients are connected.' };
  return undefined;
}
