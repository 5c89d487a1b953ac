/** The bytes for the web, made from the archive in `file`. */
export function webStd(file: string): Uint8Array;
