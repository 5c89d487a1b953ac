/** Programs on the machine's network, with others that answer. `main.want` is what the real binary prints. */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = join(dirname(fileURLToPath(import.meta.url)), "network");
const goesc = join(here, "..", "..", "..", "dist", "goesc.js");
const dir = mkdtempSync(join(tmpdir(), "goesc-network-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** Says something to the program that listens there, and gives what it answers. */
async function talk(port: number, text: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  socket.end(text);
  let answer = "";
  for await (const piece of socket) answer += piece;
  return answer;
}

/** How much comes from there for one who takes his time. */
async function readLate(port: number): Promise<number> {
  const socket = connect({ host: "127.0.0.1", port });
  await new Promise((resolve) => setTimeout(resolve, 300));
  let size = 0;
  for await (const piece of socket) size += (piece as Buffer).length;
  return size;
}

async function sendDatagram(port: number, text: string): Promise<string> {
  const socket = createSocket("udp4");
  socket.send(text, port, "127.0.0.1");
  const [answer] = await once(socket, "message");
  socket.close();
  return String(answer);
}

/** What the program prints when others talk to it and answer it; without numbers of ports. */
async function converse(command: string, args: readonly string[]): Promise<{ text: string; status: number | null }> {
  const capitals = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", (bytes) => socket.write(bytes.toString().toUpperCase()));
    socket.on("end", () => socket.end());
    socket.on("error", () => {});
  });
  const resets = createServer((socket) => socket.on("data", () => socket.resetAndDestroy()));
  const nobody = createServer();
  const echo = createSocket("udp4");
  echo.on("message", (bytes, from) => echo.send(bytes, from.port, from.address));
  const places: string[] = [];
  for (const server of [capitals, resets, nobody]) {
    await once(server.listen(0, "127.0.0.1"), "listening");
    places.push(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  }
  nobody.close();
  echo.bind(0, "127.0.0.1");
  await once(echo, "listening");
  places.push(`127.0.0.1:${echo.address().port}`);

  const program = spawn(command, [...args, ...places], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const line of createInterface({ input: program.stdout })) {
    const [, kind, port] = /^(tcp|udp|slow) 127\.0\.0\.1:(\d+)$/.exec(line) ?? [];
    text += `${kind ?? line}\n`;
    if (kind === "tcp") text += `${await talk(Number(port), "first")}\n${await talk(Number(port), "second")}\n`;
    if (kind === "slow") text += `${await readLate(Number(port))}\n`;
    if (kind === "udp") text += `${await sendDatagram(Number(port), "a datagram")}\n`;
  }
  const status = program.exitCode ?? (await once(program, "exit"))[0];
  for (const server of [capitals, resets]) server.close();
  echo.close();
  return { text, status };
}

describe.skipIf(findGoroot() === null || !existsSync(goesc))("programs on the network", { timeout: 300_000 }, () => {
  it("talk to others as the real binary does", async () => {
    const { text, status } = await converse(process.execPath, [goesc, "run", join(here, "main.go")]);
    expect(text).toBe(readFileSync(join(here, "main.want"), "utf8"));
    expect(status).toBe(4);
  });

  it("wait for nobody if nothing waits for the network", async () => {
    const file = join(dir, "deadlock.go");
    writeFileSync(
      file,
      'package main\nimport "net"\nfunc main() { net.Listen("tcp", "127.0.0.1:0"); <-make(chan int) }\n',
    );
    const program = spawn(process.execPath, [goesc, "run", file], { stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    for await (const piece of program.stderr) text += piece;
    expect(text).toContain("fatal error: all goroutines are asleep - deadlock!");
  });
});
