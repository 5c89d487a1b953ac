/** The account of allocations: totals by site, and the table that people read. */
import { describe, expect, it } from "vitest";
import {
  allocJson,
  allocTable,
  type ProfileFrame,
  type ProfileSite,
  siteTotals,
  stackTotals,
} from "../../src/runtime/profile.ts";

const frame = (func: string, file: string, line: number): ProfileFrame => ({ pc: line, func, file, line });
const malloc = frame("runtime.mallocgc", "/go/src/runtime/malloc.go", 1);
const make = frame("main.makeT", "/w/x.go", 10);
const main = frame("main.main", "/w/x.go", 20);
const grow = frame("strings.(*Builder).grow", "/go/src/strings/builder.go", 5);
const sites: ProfileSite[] = [
  { stack: [malloc, make, main], size: 16, objects: 90, freed: 80 },
  { stack: [malloc, make, main], size: 32, objects: 10, freed: 0 },
  { stack: [malloc, frame("internal/runtime/maps.newTable", "m.go", 3), main], size: 48, objects: 1, freed: 0 },
  { stack: [malloc, grow, main], size: 4096, objects: 2, freed: 2 },
];

describe("account of allocations", () => {
  it("charges the innermost frame outside of the runtime", () => {
    const totals = siteTotals(sites);
    expect(totals.map(({ func, objects, bytes }) => [func, objects, bytes])).toEqual([
      ["strings.(*Builder).grow", 2, 8192],
      ["main.makeT", 100, 1760],
      ["main.main", 1, 48],
    ]);
    expect(totals[1]).toMatchObject({ liveObjects: 20, liveBytes: 480, sizes: [16, 32] });
  });

  it("charges what the runtime does by itself to where that began", () => {
    const started = [
      malloc,
      frame("runtime.makechan", "c.go", 1),
      frame("runtime.main", "proc.go", 7),
      frame("runtime.goexit", "proc.go", 9),
    ];
    const [total] = siteTotals([{ stack: started, size: 112, objects: 1, freed: 0 }]);
    expect([total.func, total.line]).toEqual(["runtime.main", 7]);
  });

  it("says what the runtime did at a line where nothing escapes", () => {
    const [, grow, map] = [malloc, frame("runtime.growslice", "s.go", 1), frame("runtime.mapassign_fast64", "m.go", 2)];
    const totals = siteTotals([
      { stack: [malloc, grow, main], size: 64, objects: 1, freed: 0 },
      {
        stack: [malloc, frame("internal/runtime/maps.newTable", "m.go", 3), map, main],
        size: 48,
        objects: 1,
        freed: 0,
      },
      { stack: [malloc, grow, make], size: 16, objects: 1, freed: 0 },
    ]);
    const said = JSON.parse(allocJson(totals, (_, line) => (line === 10 ? "x escapes to heap" : ""), [])).sites;
    expect(said.map((site: { reason: string }) => site.reason)).toEqual([
      "the slice grows; the map grows",
      "x escapes to heap",
    ]);
    expect(said[0]).not.toHaveProperty("purposes");
  });

  it("shows the program's own sites first, with reasons, then what stayed on the stack", () => {
    const kept = { func: "main.main", file: "/w/x.go", line: 21 };
    const stack = stackTotals([
      { ...kept, what: "new(T) does not escape", times: 3, bytes: 48 },
      { ...kept, what: "&T{} does not escape", times: 0, bytes: 0 },
      { ...kept, what: "x stays on the stack", times: 8, bytes: 64 },
    ]);
    const shorten = (file: string): string => file.replace("/go/src", "$GOROOT/src").replace("/w/", "./");
    const reasons = (file: string, line: number): string =>
      file === "/w/x.go" && line === 10 ? "&T{} escapes to heap" : "";
    const lines = allocTable(siteTotals(sites), reasons, shorten, stack).split("\n");
    expect(lines[1]).toMatch(
      /^ {4}100 {3}1760 {4}20 {9}480 {2}16,32 {2}\.\/x\.go:10 main\.makeT +&T\{\} escapes to heap$/,
    );
    expect(lines[3]).toContain("$GOROOT/src/strings/builder.go:5");
    expect(lines.slice(5, 9)).toEqual([
      "times  bytes  kept on the stack at  what",
      "    8     64  ./x.go:21 main.main   x stays on the stack",
      "    3     48  ./x.go:21 main.main   new(T) does not escape",
      "",
    ]);
    expect(lines[9]).toBe(
      "103 objects, 10000 bytes on the heap; 11 values, 112 bytes of the program's own packages kept on the stack",
    );
    const json = JSON.parse(allocJson(siteTotals(sites), reasons, stack));
    expect(json.sites[1].reason).toBe("&T{} escapes to heap");
    expect(json.stack[1]).toEqual({ ...kept, what: "new(T) does not escape", times: 3, bytes: 48 });
  });
});
