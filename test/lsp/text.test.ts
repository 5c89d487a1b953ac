/** Positions of the protocol and byte offsets. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference, type Encoding, shifted, Text } from "../../src/lsp/text.ts";
import { fileOfUri, uriOfFile } from "../../src/lsp/uri.ts";

const encodings: readonly Encoding[] = ["utf-8", "utf-16", "utf-32"];
const lineText = fc.array(fc.constantFrom("a", "é", "世", "🎉", "e\u0301", "\n", "\r\n", "\t"), { maxLength: 40 });

describe("text", () => {
  it("leads from every character to its position and back", () => {
    fc.assert(
      fc.property(lineText, (parts) => {
        const text = new Text(parts.join(""));
        for (const encoding of encodings) {
          let offset = 0;
          for (const part of parts) {
            if (part !== "\r\n") expect(text.offsetAt(text.positionAt(offset, encoding), encoding)).toBe(offset);
            offset += Buffer.byteLength(part);
          }
        }
      }),
    );
  });

  it("counts as the encodings do", () => {
    const text = new Text("x世🎉e\u0301y");
    const y = text.bytes.length - 1;
    expect(encodings.map((encoding) => text.positionAt(y, encoding).character)).toEqual([11, 6, 5]);
    // The middle of a surrogate pair is its start.
    expect(text.offsetAt({ line: 0, character: 3 }, "utf-16")).toBe(4);
  });

  it("finds what differs, and moves ranges along", () => {
    fc.assert(
      fc.property(lineText, lineText, (a, b) => {
        const before = new Text(a.join("")).bytes;
        const after = new Text(b.join("")).bytes;
        const change = difference(before, after);
        if (change === null) {
          expect(Buffer.compare(before, after)).toBe(0);
          return;
        }
        const made = Buffer.concat([
          before.subarray(0, change.start),
          after.subarray(change.start, change.newEnd),
          before.subarray(change.oldEnd),
        ]);
        expect(Buffer.compare(made, after)).toBe(0);
        const tail = { start: change.oldEnd, end: before.length };
        expect(shifted(tail, change)).toEqual(
          change.oldEnd === before.length && change.start === before.length
            ? tail
            : { start: change.newEnd, end: after.length },
        );
      }),
    );
  });
});

it("file names in URIs", () => {
  expect(fileOfUri("file:///a%20b/%E4%B8%96.go", "file", false)).toBe("/a b/世.go");
  expect(fileOfUri("file:///c%3A/x/y.go", "file", true)).toBe("C:\\x\\y.go");
  expect(fileOfUri("untitled:Untitled-1", "file", false)).toBeNull();
  expect(fileOfUri("file:///bad%", "file", false)).toBeNull();
  expect(uriOfFile("/a b/世.go", "file", false)).toBe("file:///a%20b/%E4%B8%96.go");
  expect(uriOfFile("C:\\x\\y.go", "file", true)).toBe("file:///C:/x/y.go");
});
