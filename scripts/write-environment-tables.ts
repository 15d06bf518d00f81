/** `npm run docs`: writes docs/environments.md. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { environmentTables } from './environment-tables.ts';

writeFileSync(fileURLToPath(new URL('../docs/environments.md', import.meta.url)), `${environmentTables()}\n`);
