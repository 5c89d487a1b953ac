/** The file that carries the standard library for machines without Go: of each platform an index of the packages and,
 *  by package, its summary and the source text of the functions whose bodies importers need.
 *
 *      magic, version, length of the directory (32 bits each, little-endian), directory, contents
 *
 *  An item has a name and one variant or more; platforms whose variants are equal share one. The variants of an item are
 *  compressed together, so that what nearly agrees costs little. The directory is JSON; it and the items are compressed
 *  with Brotli. Only the items that are asked for are read (std-reader.ts). */
import { closeSync, openSync, readSync } from "node:fs";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import {
  type ArchiveDirectory,
  type ArchiveEntry,
  archiveHeaderSize,
  archiveMagic,
  archiveVersion,
  StdReader,
} from "./std-reader.ts";

export { embeddedSrc, indexItem, sourceItem, summaryItem } from "./std-reader.ts";

export class StdArchive extends StdReader {
  /** Throws if `file` is no archive of this version. */
  constructor(file: string) {
    super({ read: (offset, length) => readPart(file, offset, length), decompress: brotliDecompressSync }, file);
  }
}

function readPart(file: string, offset: number, length: number): Uint8Array {
  const part = Buffer.alloc(length);
  const fd = openSync(file, "r");
  try {
    readSync(fd, part, 0, length, offset);
  } finally {
    closeSync(fd);
  }
  return part;
}

/** The bytes of an archive. `items` are by name, then by platform. */
export function packArchive(
  goVersion: string,
  platforms: readonly string[],
  items: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>,
  id: string,
): Uint8Array {
  const entries: Record<string, ArchiveEntry> = {};
  const contents: Buffer[] = [];
  let offset = 0;
  for (const [name, byPlatform] of items) {
    const variants: Uint8Array[] = [];
    const ends: number[] = [];
    const variantOf = platforms.map((platform) => {
      const bytes = byPlatform.get(platform);
      if (bytes === undefined) return -1;
      const known = variants.findIndex((other) => Buffer.compare(other, bytes) === 0);
      if (known >= 0) return known;
      variants.push(bytes);
      ends.push((ends.at(-1) ?? 0) + bytes.length);
      return variants.length - 1;
    });
    const packed = compress(Buffer.concat(variants));
    entries[name] = [offset, packed.length, ends, variantOf];
    contents.push(packed);
    offset += packed.length;
  }
  const directory: ArchiveDirectory = { goVersion, id, platforms, items: entries };
  const packed = compress(Buffer.from(JSON.stringify(directory), "utf8"));
  const header = Buffer.alloc(archiveHeaderSize);
  header.writeUInt32LE(archiveMagic, 0);
  header.writeUInt32LE(archiveVersion, 4);
  header.writeUInt32LE(packed.length, 8);
  return Buffer.concat([header, packed, ...contents]);
}

function compress(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
}
