/** Reading the file that carries the standard library (std-archive.ts): the part that needs no machine, so that it works
 *  in a browser, where the bytes come from elsewhere and are compressed otherwise. */
import type { EmbeddedStd } from "../load/goroot.ts";

export const archiveMagic = 0x41534547; // "GESA"
export const archiveVersion = 1;
export const archiveHeaderSize = 12;

/** Where an item lies among the contents, where its variants end, and which one each platform has (-1 for none). */
export type ArchiveEntry = readonly [
  offset: number,
  length: number,
  ends: readonly number[],
  variantOf: readonly number[],
];

export interface ArchiveDirectory {
  /** `1.26.8` */
  readonly goVersion: string;
  /** Tells archives apart. */
  readonly id: string;
  readonly platforms: readonly string[];
  readonly items: Readonly<Record<string, ArchiveEntry>>;
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

/** How the bytes of an archive are got at. */
export interface ArchiveBytes {
  read(offset: number, length: number): Uint8Array;
  decompress(bytes: Uint8Array): Uint8Array;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class StdReader implements EmbeddedStd {
  private readonly directory: ArchiveDirectory;
  private readonly contents: number;
  private readonly texts = new Map<string, Readonly<Record<string, string>>>();

  /** Throws if the bytes are no archive of this version; `name` says which. */
  constructor(
    private readonly bytes: ArchiveBytes,
    name: string,
  ) {
    const header = bytes.read(0, archiveHeaderSize);
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    if (
      header.length < archiveHeaderSize ||
      view.getUint32(0, true) !== archiveMagic ||
      view.getUint32(4, true) !== archiveVersion
    ) {
      throw new Error(`goesc is not installed completely: ${name} is of another version`);
    }
    const length = view.getUint32(8, true);
    const packed = bytes.read(archiveHeaderSize, length);
    this.directory = JSON.parse(decoder.decode(bytes.decompress(packed))) as ArchiveDirectory;
    this.contents = archiveHeaderSize + length;
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
    return text === undefined ? null : encoder.encode(text);
  }

  private text(item: string, platform: string): string | null {
    const bytes = this.read(item, platform);
    return bytes === null ? null : decoder.decode(bytes);
  }

  private read(item: string, platform: string): Uint8Array | null {
    const entry = this.directory.items[item];
    const variant = entry?.[3][this.directory.platforms.indexOf(platform)] ?? -1;
    if (variant < 0) return null;
    const [offset, length, ends] = entry;
    const whole = this.bytes.decompress(this.bytes.read(this.contents + offset, length));
    return whole.subarray(variant === 0 ? 0 : ends[variant - 1], ends[variant]);
  }
}
