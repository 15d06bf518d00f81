/** Where a file is that a URDF file names. Paths with `/`. */

/** Of `a/b.STL`: `stl`. */
export const extensionOf = (filename: string): string =>
  /\.([^./]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';

/**
 * Places where a file may be, to be looked at in order. `package://name/rest` is in a ROS package, a folder of that name
 * which holds the URDF file or stands beside a folder that does; it may also have been copied under another name.
 * @param urdf path of the URDF file
 * @param filename as it stands there
 */
export function placesOf(urdf: string, filename: string): readonly string[] {
  const folders = foldersAround(urdf);
  const inPackage = /^(?:package|model):\/\/([^/]+)\/(.+)$/.exec(filename);
  if (inPackage) {
    const [, name, rest] = inPackage;
    return [
      ...folders.map((folder) => join(folder, `${name}/${rest}`)),
      ...folders.map((folder) => join(folder, rest!)),
    ];
  }
  const local = filename.replace(/^file:\/\//, '');
  return [isAbsolute(local) ? local : join(folders[0]!, local)];
}

const isAbsolute = (path: string): boolean => /^(\/|[A-Za-z]:\/)/.test(path);

/** The folder of a file, then the one around it, and so on. */
function foldersAround(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  const folders = parts.map((_, i) => parts.slice(0, parts.length - i).join('/'));
  return isAbsolute(path) ? folders.map((folder) => folder || '/') : [...folders, ''];
}

/** With `..` resolved, which a reader that fetches would not do. */
function join(folder: string, path: string): string {
  const parts: string[] = [];
  const whole = folder === '' || folder.endsWith('/') ? `${folder}${path}` : `${folder}/${path}`;
  for (const part of whole.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
