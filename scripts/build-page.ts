/** Builds the viewer's page for the package: `dist/viewer-app`. In the repository `proprio view` does it when needed. */
import { buildPage } from '../src/viewer/app/build.ts';

console.log(`The viewer's page is in ${await buildPage()}.`);
