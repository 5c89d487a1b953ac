/** File names and URIs. In a browser files of any scheme are known by their path, and named with the scheme again. */

/** The file that a URI names; null for other schemes than `file`, unless `scheme` is another. */
export function fileOfUri(uri: string, scheme: string, windows: boolean): string | null {
  const match = /^([a-zA-Z][\w+.-]*):(?:\/\/([^/?#]*))?([^?#]*)/.exec(uri);
  if (match === null || match[1] !== scheme) return null;
  let path: string;
  try {
    path = decodeURIComponent(match[3]);
  } catch {
    return null;
  }
  if (path === "" || path.includes("\0")) return null;
  if (!windows) return path;
  const local = path.replace(/^\/(?=[a-zA-Z]:)/, "").replaceAll("/", "\\");
  return match[2] ? `\\\\${match[2]}${local}` : local.replace(/^[a-z](?=:)/, (drive) => drive.toUpperCase());
}

/** The URI of an absolute file name. */
export function uriOfFile(file: string, scheme: string, windows: boolean, authority = ""): string {
  const path = windows ? `/${file.replaceAll("\\", "/")}` : file;
  const escaped = path
    .split("/")
    .map((part) => encodeURIComponent(part).replaceAll("%3A", ":"))
    .join("/");
  return `${scheme}://${authority}${escaped}`;
}
