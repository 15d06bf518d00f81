/** Where the threads of a run begin, in the sources as in what is built of them. */
import { extname } from 'node:path';

export const threadEntry = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);
