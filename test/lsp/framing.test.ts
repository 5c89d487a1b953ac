/** Messages are found in whatever a client sends, however it is cut. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Framing } from "../../src/lsp/framing.ts";

function read(chunks: readonly Uint8Array[]): { frames: string[]; skipped: string[] } {
  const frames: string[] = [];
  const skipped: string[] = [];
  const framing = new Framing(
    (bytes) => frames.push(Buffer.from(bytes).toString()),
    (why) => skipped.push(why),
  );
  for (const chunk of chunks) framing.push(chunk);
  return { frames, skipped };
}

function message(body: string, header = ""): string {
  return `${header}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function cut(text: string, sizes: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(text);
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : sizes[i % sizes.length];
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 6 });
const body = fc.constantFrom("{}", '{"a":"世界 🎉"}', `{"a":"${"x".repeat(200)}"}`, '{\r\n"b":[]}', "");

describe("messages", () => {
  it("are found however they are cut", () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 8 }), sizes, (bodies, cuts) => {
        const sent = bodies.map((text) => message(text));
        expect(read(cut(sent.join(""), cuts))).toEqual({ frames: sent, skipped: [] });
      }),
    );
  });

  it("are found behind what is none", () => {
    const junk = fc.constantFrom(
      "\0\x01\xff",
      "\r\n\r\n",
      "Content-Length: x\r\n\r\n",
      "Content-Length: -1\r\n\r\n{}",
      "Content-Length: 99999999999\r\n\r\n",
      'Content-Length: 500\r\n\r\n{"half',
      "Content-Lengt",
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(junk, body), { minLength: 1, maxLength: 6 }), sizes, (pairs, cuts) => {
        const sent = pairs.map(([, text]) => message(text));
        const { frames, skipped } = read(cut(pairs.map(([bytes], i) => bytes + sent[i]).join(""), cuts));
        expect(frames).toEqual(sent);
        expect(skipped.length).toBeGreaterThan(0);
      }),
    );
  });

  it("may have other headers", () => {
    const text = `Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}`;
    for (const size of [1, 7, 1000]) expect(read(cut(text, [size]))).toEqual({ frames: [text], skipped: [] });
  });
});
