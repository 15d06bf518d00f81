/** Who gets page and stream, and who gets a sentence instead. */
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProprioError } from '../../src/core/errors.ts';
import { isLoopback } from '../../src/viewer/access.ts';
import { SUBPROTOCOL } from '../../src/viewer/protocol.ts';
import { openViewServer } from '../../src/viewer/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { type Connecting, ViewClient } from '../support/view-client.ts';
import { pageFolder, serveToy } from '../support/view-server.ts';

/** What a request for the stream is answered with; 101 where it is granted. */
async function answerTo(url: string, connecting: Connecting): Promise<[status: number, text: string]> {
  const { socket } = new ViewClient(url, connecting);
  const response = await new Promise<IncomingMessage | undefined>((resolve) => {
    socket.once('unexpected-response', (_, refused) => resolve(refused));
    socket.once('open', () => resolve(undefined));
  });
  return response ? [response.statusCode!, await textOf(response)] : [101, ''];
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text.trim();
}

/** A request as it stands, without the tidying up that browsers and `fetch` do. */
async function ask(url: string, path: string, method = 'GET') {
  const { hostname, port } = new URL(url);
  const asked = request({ hostname, port, path, method });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, text: await textOf(response) };
}

describe('the stream on loopback', () => {
  test.each<[what: string, connecting: (origin: string) => Connecting, status: number, text: RegExp]>([
    ['a program', () => ({}), 101, /^$/],
    ['the page itself', (origin) => ({ origin }), 101, /^$/],
    ['a page that speaks other versions too', () => ({ protocols: ['other', SUBPROTOCOL] }), 101, /^$/],
    [
      'a page of another site',
      () => ({ origin: 'https://example.org' }),
      403,
      /^A page of https:\/\/example\.org may/,
    ],
    ['a page of another port', () => ({ origin: 'http://127.0.0.1:1' }), 403, /may not read/],
    ['a page of no site', () => ({ origin: 'null' }), 403, /may not read/],
    [
      'a page of another version',
      () => ({ protocols: ['proprio.view.v0'] }),
      400,
      /^This server speaks proprio\.view\.v2; load/,
    ],
    ['a program without a subprotocol', () => ({ protocols: [] }), 400, /^This server speaks/],
    ['a request for something else', () => ({ path: 'other' }), 404, /^The stream is at \/stream\.$/],
  ])('answers %s', async (_, connecting, status, text) => {
    const { server } = await serveToy();
    const [answered, reason] = await answerTo(server.url, connecting(new URL(server.url).origin));
    expect(answered).toBe(status);
    expect(reason).toMatch(text);
  });

  test('is not for a page of a name that was made to lead here', async () => {
    const { server } = await serveToy();
    const { port } = new URL(server.url);
    const asked = request({
      ...{ hostname: '127.0.0.1', port, path: '/stream' },
      headers: {
        ...{ Host: `evil.example:${port}`, Origin: `http://evil.example:${port}`, Connection: 'Upgrade' },
        ...{
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        },
        'Sec-WebSocket-Protocol': SUBPROTOCOL,
      },
    });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(403);
  });

  test('needs no token', async () => {
    const { server } = await serveToy();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });
});

describe('the stream for other machines', () => {
  const serve = async () => {
    const { server } = await serveToy({ host: '0.0.0.0' });
    const [page, token] = server.url.split('#token=');
    return { local: `http://127.0.0.1:${new URL(page!).port}/`, token: token! };
  };

  test('demands the token that the address ends with', async () => {
    const { local, token } = await serve();
    expect(token).toMatch(/^[\w-]{32}$/);
    const status = async (...protocols: string[]) => (await answerTo(local, { protocols }))[0];
    expect(await status(SUBPROTOCOL, `token.${token}`)).toBe(101);
    expect(await status(`token.${token}`, SUBPROTOCOL)).toBe(101);
    expect(await status(SUBPROTOCOL)).toBe(401);
    expect(await status(SUBPROTOCOL, 'token.')).toBe(401);
    expect(await status(SUBPROTOCOL, `token.${token.slice(1)}`)).toBe(401);
    expect(await status(SUBPROTOCOL, `token.${token}x`)).toBe(401);
    expect(await status(`token.${token}`)).toBe(400);
  });

  test('takes no token from the address, where logs would keep it', async () => {
    const { local, token } = await serve();
    expect((await answerTo(local, { path: `stream?token=${token}` }))[0]).toBe(401);
  });

  test('wants its own page beside the token', async () => {
    const { local, token } = await serve();
    const protocols = [SUBPROTOCOL, `token.${token}`];
    expect((await answerTo(local, { protocols, origin: new URL(local).origin }))[0]).toBe(101);
    expect((await answerTo(local, { protocols, origin: 'https://example.org' }))[0]).toBe(403);
  });

  test('has a token of its own each time', async () => {
    expect((await serve()).token).not.toBe((await serve()).token);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.1', false],
  ['127.0.0.1.example.org', false],
  ['localhost.example.org', false],
])('%s is loopback: %s', (host, expected) => expect(isLoopback(host)).toBe(expected));

describe('the page', () => {
  const folder = pageFolder();
  const outside = temporaryFolder();
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  writeFileSync(`${folder}-beside.txt`, 'secret');
  symlinkSync(outside, join(folder, 'link'));
  mkdirSync(join(folder, 'empty'));

  test('has types, keeps what cannot change, and allows nothing from elsewhere', async () => {
    const { server } = await serveToy({ folder });
    const page = await ask(server.url, '/');
    expect(page).toMatchObject({ status: 200, text: '<!doctype html><title>page</title>' });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|http/);
    const script = await ask(server.url, '/assets/main-1a2b.js?x');
    expect(script).toMatchObject({ status: 200, text: 'export {};' });
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  test('answers HEAD without the file, and nothing else', async () => {
    const { server } = await serveToy({ folder });
    const head = await ask(server.url, '/', 'HEAD');
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '34']);
    expect(await ask(server.url, '/', 'POST')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });

  test.each([
    '/nothing.html',
    '/../secret.txt',
    `/..%2f${outside.split('/').at(-1)}%2fsecret.txt`,
    `/../${outside.split('/').at(-1)}/secret.txt`,
    `/assets/../../${outside.split('/').at(-1)}/secret.txt`,
    `/${encodeURIComponent(`../${folder.split('/').at(-1)}-beside.txt`)}`,
    `//${outside}/secret.txt`,
    '/link/secret.txt',
    '/empty',
    '/empty/',
    '/assets',
    '/index.html%00.js',
    '/%',
    '/..\\secret.txt',
    '/index.html/',
  ])('is all there is: %s is not found', async (path) => {
    const { server } = await serveToy({ folder });
    expect(await ask(server.url, path)).toMatchObject({ status: 404, text: 'There is no such file.' });
  });

  test('comes later where there is nothing to be seen yet', async () => {
    const server = await openViewServer({ folder, port: 0, host: '127.0.0.1' });
    const page = await ask(server.url, '/');
    expect([page.status, page.headers['retry-after']]).toEqual([503, '1']);
    expect((await answerTo(server.url, {}))[0]).toBe(503);
    await server.close('');
  });
});

describe('a port', () => {
  test('that is in use is named, and the next free one', async () => {
    const [first, second] = [await serveToy(), await serveToy()];
    const ports = [first, second].map(({ server }) => Number(new URL(server.url).port));
    const error = await serveToy({ port: ports[0]! }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(ProprioError);
    const { message, exitCode } = error as ProprioError;
    const [, free] = /^Port (?:\d+) of 127\.0\.0\.1 is in use\. Port (\d+) is free: --port \1\.$/.exec(
      message,
    )!;
    expect(message).toContain(`Port ${ports[0]} of`);
    expect(exitCode).toBe(1);
    expect(ports).not.toContain(Number(free));
    await serveToy({ port: Number(free) });
  });

  test('of an address that is not this machine’s is refused', async () => {
    await expect(serveToy({ host: '192.0.2.1' })).rejects.toThrow(
      'This machine has no address 192.0.2.1. --host takes one of its own, or 0.0.0.0 for all of them.',
    );
  });
});
