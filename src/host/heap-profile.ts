/** The account of a run as a heap profile that `go tool pprof` reads: every allocation, not a sample; each sample has the
 *  size class (`bytes`) and the reason of the escape analysis (`reason`) as tags. */
import { gzipSync } from "node:zlib";
import { Function as Func, Label, Line, Location, Profile, Sample, StringTable, ValueType } from "pprof-format";
import { type ProfileFrame, type ProfileSite, type Reasons, siteFrame } from "../runtime/profile.ts";

export function heapProfile(sites: readonly ProfileSite[], reasons: Reasons): Uint8Array {
  const strings = new StringTable();
  const functions = new Map<string, Func>();
  const locations = new Map<string, Location>();
  const text = (s: string): number => strings.dedup(s);
  const functionOf = ({ func, file }: ProfileFrame): Func => {
    const key = `${func}\n${file}`;
    let known = functions.get(key);
    if (known === undefined) {
      known = new Func({
        id: functions.size + 1,
        name: text(func),
        systemName: text(func),
        filename: text(file),
        startLine: 0,
      });
      functions.set(key, known);
    }
    return known;
  };
  const locationOf = (frame: ProfileFrame): Location => {
    const key = `${frame.pc}\n${frame.func}\n${frame.file}\n${frame.line}`;
    let known = locations.get(key);
    if (known === undefined) {
      const line = new Line({ functionId: functionOf(frame).id, line: frame.line });
      known = new Location({ id: locations.size + 1, address: frame.pc, line: [line] });
      locations.set(key, known);
    }
    return known;
  };
  const samples = sites.map(({ stack: whole, size, objects, freed }) => {
    const frame = siteFrame(whole);
    // As in Go's own profiles: allocation functions of the runtime are left out.
    const stack = frame === null ? whole : whole.slice(whole.indexOf(frame));
    const reason = frame === null ? "" : reasons(frame.file, frame.line);
    const labels = [new Label({ key: text("bytes"), num: size, numUnit: text("bytes") })];
    if (reason !== "") labels.push(new Label({ key: text("reason"), str: text(reason) }));
    const live = objects - freed;
    return new Sample({
      locationId: stack.map((f) => locationOf(f).id),
      value: [objects, objects * size, live, live * size],
      label: labels,
    });
  });
  const count = text("count");
  const bytes = text("bytes");
  const profile = new Profile({
    sampleType: [
      new ValueType({ type: text("alloc_objects"), unit: count }),
      new ValueType({ type: text("alloc_space"), unit: bytes }),
      new ValueType({ type: text("inuse_objects"), unit: count }),
      new ValueType({ type: text("inuse_space"), unit: bytes }),
    ],
    sample: samples,
    location: [...locations.values()],
    function: [...functions.values()],
    stringTable: strings,
    timeNanos: BigInt(Date.now()) * 1_000_000n,
    periodType: new ValueType({ type: text("space"), unit: bytes }),
    period: 1,
    defaultSampleType: text("alloc_space"),
  });
  return gzipSync(profile.encode());
}
