/** Where the threads of runs in tests begin: every listed environment, and one that dies. */
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { serveThread } from '../../src/run/threads/serve.ts';
import { mortal } from './mortal-env.ts';

await serveThread({ agents, envs: { ...envs, mortal } });
