/**
 * Runs before packing. ONNX Runtime travels inside our package, because its own install script downloads several hundred
 * megabytes of CUDA libraries from a server that many networks do not reach, and fails the whole installation there.
 * The script is taken out of the copy that is packed; `npm ci` brings it back.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = fileURLToPath(new URL('../node_modules/onnxruntime-node/package.json', import.meta.url));
const manifest = JSON.parse(readFileSync(path, 'utf8'));
delete manifest.scripts;
writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
