/** What the threads of a run begin with: every environment and agent that its configuration may name. */
import { agents } from '../agents/index.ts';
import { envs } from '../envs/index.ts';
import { serveThread } from '../src/run/threads/serve.ts';

await serveThread({ agents, envs });
