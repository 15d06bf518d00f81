/**
 * Zod compiles schemas with `new Function` where it may. A page under a strict Content-Security-Policy may not, and trying is
 * reported as an error. Import this before any schema is built.
 */
import { config } from 'zod';

config({ jitless: true });
