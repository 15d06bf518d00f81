/** A folder of files as a page in Chromium, from a server that only hands them out. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { afterAll } from 'vitest';

const EXECUTABLE = '/usr/bin/chromium';

export interface OpenPage {
  readonly page: Page;
  /** Address of the folder, with a slash at its end. */
  readonly address: string;
  /** Addresses of all requests so far, those of workers included. */
  readonly requests: readonly string[];
  /** Messages of errors and warnings on the console, and of exceptions that nobody caught. */
  readonly complaints: readonly string[];
}

const cleanups: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Software rendering of WebGL and WebGPU, so that tests do not depend on a graphics card. */
const SOFTWARE_GRAPHICS = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

/**
 * Serves `folder` below the path `/some/where/`, as any web server would, and opens its `index.html`. Both
 * end after the tests of the calling file.
 * @param query behind the address
 * @param first runs in the page before anything of its own
 * @param viewport px; a renderer in software takes all cores for many
 */
export async function openPage(
  folder: string,
  query = '',
  first = () => {},
  viewport = { width: 900, height: 600 },
): Promise<OpenPage> {
  const { server, address } = await serve(folder);
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', ...SOFTWARE_GRAPHICS],
  });
  cleanups.push(() => browser.close());
  const page = await browser.newPage({ viewport });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.addInitScript(first);
  await page.goto(address + query);
  return { page, address, requests, complaints };
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

async function serve(folder: string): Promise<{ server: Server; address: string }> {
  const root = '/some/where/';
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname;
    const file = join(folder, path === root ? 'index.html' : path.slice(root.length));
    if (!path.startsWith(root) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${root}` };
}
