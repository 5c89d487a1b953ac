/** Bytes of a heap profile find the findings that they belong to. */
import { describe, expect, it } from "vitest";
import { compareFindings } from "../../../src/report/findings/model.ts";
import { overlayProfile, readHeapProfile } from "../../../src/report/findings/profile.ts";
import { reportOn } from "../findings.ts";
import { type Frame, heapKinds as kinds, profileOf } from "../profiles.ts";

const program = `package m

var sink []*int

func big() { sink = append(sink, new(int)) }

func make1() *int { return new(int) }

func calls() *int { return make1() }
`;

const at = (name: string, line: number): Frame => ({ name: `example.com/m.${name}`, file: "/build/m/x.go", line });

describe("a heap profile", () => {
  const { findings } = reportOn(program, { promises: false });
  const runtime: Frame = { name: "runtime.growslice", file: "/go/src/runtime/slice.go", line: 9 };
  const profile = readHeapProfile(
    profileOf(kinds, [
      { frames: [[runtime], [at("big", 5)]], bytes: 4000 },
      { frames: [[at("make1", 7)]], bytes: 300 },
      { frames: [[at("make1", 7), at("calls", 9)]], bytes: 50 },
      { frames: [[{ ...at("other", 5), name: "example.com/other.f" }]], bytes: 7 },
    ]),
  )!;
  const overlaid = overlayProfile(findings, profile).sort(compareFindings);

  it("counts by line, the runtime left out, and tells inlined code apart", () => {
    const bytes = overlaid.map((f) => [f.func, f.message, f.profiled]);
    expect(bytes).toContainEqual(["big", "append escapes to heap", 4000]);
    expect(bytes).toContainEqual(["make1", "new(int) escapes to heap", 300]);
    expect(bytes).toContainEqual(["calls", "new(int) escapes to heap", 50]);
    expect(profile.total).toBe(4357);
  });

  it("ranks by what production allocates", () => {
    expect(overlaid[0].profiled).toBe(4000);
    expect(overlaid.at(-1)!.profiled).toBe(50);
  });

  it("is refused if it is none", () => {
    expect(readHeapProfile(profileOf(["samples", "cpu"], []))).toBeNull();
    expect(readHeapProfile(new TextEncoder().encode("not a profile at all"))).toBeNull();
  });
});
