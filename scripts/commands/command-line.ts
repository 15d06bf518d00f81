/** How the user calls a command here: as an npm script in the repository, as `proprio` where the package is installed. */
const fromSource = import.meta.url.endsWith('.ts');

export const commandLine = (command: string, rest: string): string =>
  fromSource ? `npm run ${command} -- ${rest}` : `npx proprio ${command} ${rest}`;
