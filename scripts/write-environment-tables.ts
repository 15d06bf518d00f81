/** `npm run docs`: writes docs/environments.md, and the drawings of the volleyball courts, the fin ray and the hand. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { courtDrawings } from './court-drawings.ts';
import { environmentTables } from './environment-tables.ts';
import { finRayDrawing } from './fin-ray-drawing.ts';
import { handDrawing } from './hand-drawing.ts';

const docs = (file: string): string => fileURLToPath(new URL(`../docs/${file}`, import.meta.url));
writeFileSync(docs('environments.md'), `${environmentTables()}\n`);
for (const [name, drawing] of Object.entries(courtDrawings())) writeFileSync(docs(`images/${name}`), drawing);
writeFileSync(docs('images/fin-ray-model.svg'), finRayDrawing());
writeFileSync(docs('images/hand-model.svg'), handDrawing());
