/** Pipes of the machine in a program (host/outside.ts), and what its children get of them (host/loans.ts). */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFile, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startRelay } from "../../src/host/child-starter.ts";
import { Loans } from "../../src/host/loans.ts";
import { NodeFiles } from "../../src/host/node-files.ts";
import { OutsideChannel } from "../../src/host/outside.ts";
import { type Channel, makePipe, Poller } from "../../src/runtime/channels.ts";
import { callLater, Poll } from "../../src/runtime/errno.ts";

/** What a pipe takes at once. */
let room = Infinity;

vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const short = (
    fd: number,
    bytes: Uint8Array,
    offset = 0,
    length = bytes.length - offset,
    position?: number,
  ): number => {
    const isPipe = real.fstatSync(fd).isFIFO();
    const n = isPipe ? Math.min(length, room) : length;
    if (n === 0) throw Object.assign(new Error("EAGAIN"), { code: "EAGAIN" });
    if (isPipe) room -= n;
    return real.writeSync(fd, bytes, offset, n, position);
  };
  return { ...real, writeSync: short };
});

describe.skipIf(process.platform !== "linux")("pipes of the machine", () => {
  let dir = "";
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "goesc-outside-"));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it("lets whoever waits see an error", () => {
    const poller = new Poller();
    // Reading a directory fails.
    const channel = new OutsideChannel(poller, openSync(dir, "r"), 0, true, () => {});
    poller.add({ channel, data: 7n });
    poller.take(8);
    channel.expectInput();
    expect(poller.look()).toBe(true);
    expect(poller.take(8)).toEqual([{ data: 7n, events: Poll.In | Poll.Hup }]);
    channel.close();
  });

  it("does not look at a pipe any more once it is open", () => {
    const poller = new Poller();
    const files = new NodeFiles(dir);
    files.attach(poller, () => {});
    execFileSync("mkfifo", [join(dir, "fifo")]);
    // Whatever happens meanwhile has the call made again.
    for (let i = 0; i < 3; i++) expect(files.open("fifo", 0, 0, 1n)).toBe(-callLater);
    const writer = openSync(join(dir, "fifo"), constants.O_WRONLY | constants.O_NONBLOCK);
    const fd = files.open("fifo", 0, 0, 1n);
    expect(fd).toBe(3);
    expect(poller.awaits).toBe(false);
    closeSync(writer);
    files.close(fd);
  });

  it.each([0, 5])("gives a child all that is in a pipe which takes only %i bytes", async (taken) => {
    const poller = new Poller();
    const standing = new Map<Channel, Channel>();
    const relays: Promise<number>[] = [];
    const loans = new Loans(poller, {
      replace: (from, to) => standing.set(from, to),
      closed: () => {},
      readOutput: () => {},
      relay: (content, from, to) => {
        // The descriptors are closed right after.
        relays.push(startRelay({ what: "relay", content, from, to }));
        return 0;
      },
    });
    const [reader, writer] = makePipe(poller);
    writer.write(Buffer.from("in the pipe, "));
    room = taken;
    const lent = loans.openChannel(reader);
    room = Infinity;
    expect(lent).toBeGreaterThan(2);
    const now = standing.get(writer)!;
    expect(now.write(Buffer.from("and after it"))).toBe(12);
    now.close();
    expect((await promisify(readFile)(lent)).toString()).toBe("in the pipe, and after it");
    expect(await Promise.all(relays)).toEqual([0]);
    closeSync(lent);
  });
});
