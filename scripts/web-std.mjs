// The archive of the standard library (assets/std.bin) for browsers, which do not decompress Brotli: the same items,
// compressed with zlib.
import { readFileSync } from "node:fs";
import { brotliDecompressSync, deflateSync } from "node:zlib";

const headerSize = 12;

/** The bytes for the web, made from the archive in `file`. */
export function webStd(file) {
  const bytes = readFileSync(file);
  const length = bytes.readUInt32LE(8);
  const directory = JSON.parse(brotliDecompressSync(bytes.subarray(headerSize, headerSize + length)).toString("utf8"));
  const contents = bytes.subarray(headerSize + length);
  const parts = [];
  let offset = 0;
  for (const [name, [from, size, ends, variants]] of Object.entries(directory.items)) {
    const packed = deflateSync(brotliDecompressSync(contents.subarray(from, from + size)), { level: 9 });
    directory.items[name] = [offset, packed.length, ends, variants];
    parts.push(packed);
    offset += packed.length;
  }
  const packed = deflateSync(Buffer.from(JSON.stringify(directory), "utf8"), { level: 9 });
  const header = Buffer.from(bytes.subarray(0, headerSize));
  header.writeUInt32LE(packed.length, 8);
  return Buffer.concat([header, packed, ...parts]);
}
