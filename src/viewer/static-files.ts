/** Hands out the files of one folder, and nothing that is not below it. Node only. */
import { readFile, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
};

/** A page may load what lies beside it and talk to where it came from, and nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Names of files in there hold a hash of what they contain, so they never change. */
const ASSETS = '/assets/';

const headersFor = (path: string): Record<string, string> => ({
  'Content-Type': types[extname(path)] ?? 'application/octet-stream',
  'Cache-Control': path.startsWith(ASSETS) ? 'public, max-age=31536000, immutable' : 'no-cache',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
});

/** Answers a request with a file below `folder`, `index.html` at its root. */
export async function serveFile(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    answer(response, 405, 'Only GET and HEAD are understood.', { Allow: 'GET, HEAD' });
    return;
  }
  const path = pathOf(request);
  const file = path === undefined ? undefined : await fileBelow(folder, path);
  if (path === undefined || file === undefined) {
    answer(response, 404, 'There is no such file.');
    return;
  }
  const contents = await readFile(file);
  response.writeHead(200, { ...headersFor(path), 'Content-Length': contents.length });
  response.end(request.method === 'HEAD' ? undefined : contents);
}

/** Ends a request with a sentence. */
export function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${text}\n`);
}

/** The path that is asked for; undefined where it is none. */
function pathOf({ url = '/' }: IncomingMessage): string | undefined {
  try {
    const path = decodeURIComponent(url.split('?')[0]!);
    return path.includes('\0') ? undefined : path.replace(/\/$/, '/index.html');
  } catch {
    return undefined;
  }
}

/** The file at `path`, wherever links lead; undefined where it is no file or lies elsewhere. */
async function fileBelow(folder: string, path: string): Promise<string | undefined> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}
