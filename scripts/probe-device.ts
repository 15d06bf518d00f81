/** Tries one device and prints what came of it as JSON; run by `proprio doctor` in a process of its own. */
import { checkDevice, type Device, probeDevice } from '../src/tensor/index.ts';

const name = process.argv[2] ?? 'cpu';
checkDevice(name);
console.log(JSON.stringify(await probeDevice(name as Device)));
// Some drivers leave threads behind that would keep the process alive.
process.exit(0);
