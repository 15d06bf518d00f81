/** Takes a port, or says why it cannot be had and which one can. Node only. */
import { createServer, type Server } from 'node:net';
import { ProprioError } from '../core/errors.ts';

/** Ports after the one in use that are tried. */
const ATTEMPTS = 100;
const LAST_PORT = 65_535;

/** @throws ProprioError naming the next free port where this one is in use */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    await bind(server, port, host);
  } catch (error) {
    throw new ProprioError(await explanation(error as NodeJS.ErrnoException, port, host), 1, {
      cause: error,
    });
  }
}

const bind = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

async function explanation(
  { code, message }: NodeJS.ErrnoException,
  port: number,
  host: string,
): Promise<string> {
  switch (code) {
    case 'EADDRINUSE': {
      const free = await nextFreePort(port + 1, host);
      const advice = free === undefined ? 'Choose another one' : `Port ${free} is free: --port ${free}`;
      return `Port ${port} of ${host} is in use. ${advice}.`;
    }
    case 'EACCES':
      return `Port ${port} may not be used by this user. Choose one above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `This machine has no address ${host}. --host takes one of its own, or 0.0.0.0 for all of them.`;
    default:
      return `Cannot listen on port ${port} of ${host}: ${message}.`;
  }
}

async function nextFreePort(first: number, host: string): Promise<number | undefined> {
  for (let port = first; port < first + ATTEMPTS && port <= LAST_PORT; port++) {
    const probe = createServer();
    const free = await bind(probe, port, host).then(
      () => true,
      () => false,
    );
    if (!free) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
  return undefined;
}
