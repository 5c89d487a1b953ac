/** Profiles as programs write them, for tests. */
import { Function as Fn, Line, Location, Profile, Sample, StringTable, ValueType } from "pprof-format";

export interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** A profile with these stacks, leaf first; frames of one location are inlined into its last. */
export function profileOf(
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

/** What a heap profile counts. */
export const heapKinds = ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"];
