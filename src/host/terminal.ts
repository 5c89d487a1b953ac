/** What programs ask of terminals (ioctl): their modes and size. Node knows neither of them in a thread of its own; stty does. */
import { Errno } from "../runtime/errno.ts";
import { execFileSync } from "./child-process.ts";

const enum Request {
  GetModes = 0x5401,
  SetModes = 0x5402,
  /** When all output is written. */
  SetModesLater = 0x5403,
  /** And input that nobody read is dropped. */
  SetModesFlush = 0x5404,
  GetSize = 0x5413,
}

/** Where control characters lie in struct termios, and how many there are. */
const firstCharacter = 17;
const characters = 19;

/** `view` from `at` on is what the request is about; 0, or a negative error number. */
export function terminalCall(fd: number, request: number, view: DataView, at: number): number {
  switch (request) {
    case Request.GetModes: {
      const words = modes(fd);
      for (let i = 0; i < 4; i++) view.setUint32(at + 4 * i, words[i] ?? 0, true);
      view.setUint8(at + 16, 0);
      for (let i = 0; i < characters; i++) view.setUint8(at + firstCharacter + i, words[4 + i] ?? 0);
      return 0;
    }
    case Request.SetModes:
    case Request.SetModesLater:
    case Request.SetModesFlush: {
      const words = modes(fd).map((old, i) => {
        if (i < 4) return view.getUint32(at + 4 * i, true);
        return i < 4 + characters ? view.getUint8(at + firstCharacter + i - 4) : old;
      });
      stty(fd, words.map((word) => word.toString(16)).join(":"));
      return 0;
    }
    case Request.GetSize: {
      const [rows = 0, columns = 0] = stty(fd, "size").split(" ").map(Number);
      for (const [i, n] of [rows, columns, 0, 0].entries()) view.setUint16(at + 2 * i, n, true);
      return 0;
    }
    default:
      return -Errno.ENOTTY;
  }
}

/** Input, output, control and local modes, then control characters. */
function modes(fd: number): number[] {
  return stty(fd, "-g")
    .split(":")
    .map((word) => Number.parseInt(word, 16));
}

function stty(fd: number, argument: string): string {
  return execFileSync("stty", [argument], { stdio: [fd, "pipe", "ignore"], encoding: "utf8" }).trim();
}
