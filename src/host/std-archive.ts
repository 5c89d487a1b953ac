/** The file that carries the standard library for machines without Go: of each platform an index of the packages and,
 *  by package, its summary and the source text of the functions whose bodies importers need.
 *
 *      magic, version, length of the directory (32 bits each, little-endian), directory, contents
 *
 *  An item has a name and one variant or more; platforms whose variants are equal share one. The variants of an item are
 *  compressed together, so that what nearly agrees costs little. The directory is JSON; it and the items are compressed
 *  with Brotli. Only the items that are asked for are read. */
import { closeSync, openSync, readSync } from "node:fs";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { EmbeddedStd } from "../load/goroot.ts";

const Magic = 0x41534547; // "GESA"
const FormatVersion = 1;
const headerSize = 12;

/** Where an item lies among the contents, where its variants end, and which one each platform has (-1 for none). */
type Entry = readonly [offset: number, length: number, ends: readonly number[], variantOf: readonly number[]];

interface Directory {
  /** `1.26.8` */
  readonly goVersion: string;
  /** Tells archives apart. */
  readonly id: string;
  readonly platforms: readonly string[];
  readonly items: Readonly<Record<string, Entry>>;
}

/** Names of items. */
export const indexItem = "index";
export function summaryItem(importPath: string): string {
  return `summary ${importPath}`;
}
/** A JSON object: file name → text. */
export function sourceItem(importPath: string): string {
  return `source ${importPath}`;
}

/** The directory that names of embedded files begin with. */
export const embeddedSrc = "$GOROOT/src/";

export class StdArchive implements EmbeddedStd {
  private readonly directory: Directory;
  private readonly contents: number;
  private readonly texts = new Map<string, Readonly<Record<string, string>>>();

  /** Throws if `file` is no archive of this version. */
  constructor(private readonly file: string) {
    const fd = openSync(file, "r");
    try {
      const header = Buffer.alloc(headerSize);
      readSync(fd, header, 0, headerSize, 0);
      if (header.readUInt32LE(0) !== Magic || header.readUInt32LE(4) !== FormatVersion) {
        throw new Error(`goesc is not installed completely: ${file} is of another version`);
      }
      const packed = Buffer.alloc(header.readUInt32LE(8));
      readSync(fd, packed, 0, packed.length, headerSize);
      this.directory = JSON.parse(brotliDecompressSync(packed).toString("utf8")) as Directory;
      this.contents = headerSize + packed.length;
    } finally {
      closeSync(fd);
    }
  }

  get goVersion(): string {
    return this.directory.goVersion;
  }

  get id(): string {
    return this.directory.id;
  }

  get platforms(): readonly string[] {
    return this.directory.platforms;
  }

  index(platform: string): string | null {
    return this.text(indexItem, platform);
  }

  summary(importPath: string, platform: string): Uint8Array | null {
    return this.read(summaryItem(importPath), platform);
  }

  /** The file with the given name, which begins with {@link embeddedSrc}; what is not needed in it is left blank. */
  source(name: string, platform: string): Uint8Array | null {
    const slash = name.lastIndexOf("/");
    const importPath = name.slice(embeddedSrc.length, slash);
    const key = `${platform} ${importPath}`;
    let texts = this.texts.get(key);
    if (texts === undefined) {
      texts = JSON.parse(this.text(sourceItem(importPath), platform) ?? "{}") as Readonly<Record<string, string>>;
      this.texts.set(key, texts);
    }
    const text = texts[name.slice(slash + 1)];
    return text === undefined ? null : Buffer.from(text, "utf8");
  }

  private text(item: string, platform: string): string | null {
    const bytes = this.read(item, platform);
    return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  }

  private read(item: string, platform: string): Uint8Array | null {
    const entry = this.directory.items[item];
    const variant = entry?.[3][this.directory.platforms.indexOf(platform)] ?? -1;
    if (variant < 0) return null;
    const [offset, length, ends] = entry;
    const packed = Buffer.alloc(length);
    const fd = openSync(this.file, "r");
    try {
      readSync(fd, packed, 0, length, this.contents + offset);
    } finally {
      closeSync(fd);
    }
    return brotliDecompressSync(packed).subarray(variant === 0 ? 0 : ends[variant - 1], ends[variant]);
  }
}

/** The bytes of an archive. `items` are by name, then by platform. */
export function packArchive(
  goVersion: string,
  platforms: readonly string[],
  items: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>,
  id: string,
): Uint8Array {
  const entries: Record<string, Entry> = {};
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
  const directory: Directory = { goVersion, id, platforms, items: entries };
  const packed = compress(Buffer.from(JSON.stringify(directory), "utf8"));
  const header = Buffer.alloc(headerSize);
  header.writeUInt32LE(Magic, 0);
  header.writeUInt32LE(FormatVersion, 4);
  header.writeUInt32LE(packed.length, 8);
  return Buffer.concat([header, packed, ...contents]);
}

function compress(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
}
