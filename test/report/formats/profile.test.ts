/** Bytes of a heap profile find the findings that they belong to. */
import { Function as Fn, Line, Location, Profile, Sample, StringTable, ValueType } from "pprof-format";
import { describe, expect, it } from "vitest";
import { compareFindings } from "../../../src/report/findings/model.ts";
import { overlayProfile, readHeapProfile } from "../../../src/report/findings/profile.ts";
import { reportOn } from "../findings.ts";

const program = `package m

var sink []*int

func big() { sink = append(sink, new(int)) }

func make1() *int { return new(int) }

func calls() *int { return make1() }
`;

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** A profile with these stacks, leaf first; frames of one location are inlined into its last. */
function profileOf(
  kinds: readonly string[],
  stacks: readonly { frames: readonly (readonly Frame[])[]; bytes: number }[],
) {
  const table = new StringTable();
  const functions: Fn[] = [];
  const locations: Location[] = [];
  const sample = stacks.map(({ frames, bytes }) => {
    const locationId = frames.map((lines) => {
      const line = lines.map(({ name, file, line: at }) => {
        const id = functions.length + 1;
        functions.push(new Fn({ id, name: table.dedup(name), filename: table.dedup(file) }));
        return new Line({ functionId: id, line: at });
      });
      locations.push(new Location({ id: locations.length + 1, line }));
      return locations.length;
    });
    return new Sample({ locationId, value: kinds.map((kind) => (kind === "alloc_space" ? bytes : 1)) });
  });
  const sampleType = kinds.map((kind) => new ValueType({ type: table.dedup(kind), unit: table.dedup("bytes") }));
  return new Profile({ sampleType, sample, location: locations, function: functions, stringTable: table }).encode();
}

const kinds = ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"];
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
