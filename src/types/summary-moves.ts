/** The summary of a package after an edit that changes nothing that it says: the summary from before, and how the text has
 *  moved since.
 *
 *  The form, in little-endian 32-bit numbers: magic, version, the number of moves and of files; for each move its file
 *  and three numbers; for each file that has changed its index, size, the number of its lines and their starts. The
 *  summary from before follows. */
import { FormatVersion } from "./summary-format.ts";

const Magic = 0x4d534547; // "GESM"

/** In file number `file`, the `oldLength` bytes from `at` on became `newLength` bytes. */
export interface Move {
  readonly file: number;
  readonly at: number;
  readonly oldLength: number;
  readonly newLength: number;
}

/** A changed file as it is now. */
export interface MovedFile {
  readonly size: number;
  /** Offsets of the lines. */
  readonly lines: Int32Array;
}

/** What has moved since a summary was written. */
export class Moves {
  constructor(
    /** In the order of the edits; those of one edit from the end of the file to its beginning. */
    readonly list: readonly Move[],
    readonly files: ReadonlyMap<number, MovedFile>,
  ) {}

  /** Where in the file that is now what was at an offset when the summary was written. */
  offset(file: number, offset: number): number {
    let at = offset;
    for (const move of this.list) {
      if (move.file !== file || at <= move.at) continue;
      const end = move.at + move.oldLength;
      // What was within has been read anew.
      at = at >= end ? at + move.newLength - move.oldLength : move.at;
    }
    return at;
  }
}

export interface MovedSummary {
  readonly summary: Uint8Array;
  /** Null if nothing has moved. */
  readonly moves: Moves | null;
}

/** A summary with its moves, if it has some. */
export function readMoves(bytes: Uint8Array): MovedSummary {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16 || view.getUint32(0, true) !== Magic || view.getUint32(4, true) !== FormatVersion)
    return { summary: bytes, moves: null };
  let at = 8;
  const next = (): number => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const moveCount = next();
  const fileCount = next();
  const list: Move[] = [];
  for (let i = 0; i < moveCount; i++) list.push({ file: next(), at: next(), oldLength: next(), newLength: next() });
  const files = new Map<number, MovedFile>();
  for (let i = 0; i < fileCount; i++) {
    const file = next();
    const size = next();
    const lines = new Int32Array(next());
    for (let k = 0; k < lines.length; k++) lines[k] = next();
    files.set(file, { size, lines });
  }
  return { summary: bytes.subarray(at), moves: new Moves(list, files) };
}

/** The summary in `bytes` after the edit of a file, whose moves stand from its end to its beginning. */
export function writeMoves(bytes: Uint8Array, file: number, moves: readonly Move[], now: MovedFile): Uint8Array {
  const before = readMoves(bytes);
  const list = [...(before.moves?.list ?? []), ...moves];
  const files = new Map(before.moves?.files ?? []);
  files.set(file, now);
  const numbers = [Magic, FormatVersion, list.length, files.size];
  for (const move of list) numbers.push(move.file, move.at, move.oldLength, move.newLength);
  for (const [index, { size, lines }] of files) {
    numbers.push(index, size, lines.length);
    for (const line of lines) numbers.push(line);
  }
  const out = new Uint8Array(4 * numbers.length + before.summary.length);
  const view = new DataView(out.buffer);
  for (let i = 0; i < numbers.length; i++) view.setUint32(4 * i, numbers[i], true);
  out.set(before.summary, 4 * numbers.length);
  return out;
}
