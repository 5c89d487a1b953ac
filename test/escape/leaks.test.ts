import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Leaks, numEscResults } from "../../src/escape/leaks.ts";

describe("Leaks", () => {
  it("keeps the least dereferences of each flow", () => {
    const leaks = new Leaks();
    leaks.addHeap(3);
    leaks.addHeap(1);
    leaks.addHeap(2);
    leaks.addResult(1, 0);
    expect(leaks.heap()).toBe(1);
    expect(leaks.result(0)).toBe(-1);
    expect(leaks.result(1)).toBe(0);
  });

  it("drops flows that the one to the heap covers", () => {
    const leaks = new Leaks();
    leaks.addHeap(1);
    leaks.addResult(0, 0);
    leaks.addResult(1, 1);
    leaks.addMutator(2);
    leaks.optimize();
    expect([leaks.heap(), leaks.result(0), leaks.result(1), leaks.mutator()]).toEqual([1, 0, -1, -1]);
  });

  it("has the empty tag for a parameter that leaks itself, and for no other", () => {
    const leaks = new Leaks();
    expect(leaks.encode()).toBe("esc:");
    leaks.addHeap(0);
    expect(leaks.encode()).toBe("");
    expect(Leaks.parse("").heap()).toBe(0);
  });

  it("reads back what it wrote", () => {
    const flow = fc.option(fc.integer({ min: 0, max: 300 }), { nil: null });
    fc.assert(
      fc.property(flow, flow, flow, fc.array(flow, { maxLength: numEscResults }), (heap, mutator, callee, results) => {
        const leaks = new Leaks();
        if (heap !== null) leaks.addHeap(heap);
        if (mutator !== null) leaks.addMutator(mutator);
        if (callee !== null) leaks.addCallee(callee);
        results.forEach((derefs, i) => {
          if (derefs !== null) leaks.addResult(i, derefs);
        });
        const read = Leaks.parse(leaks.encode());
        expect(read.heap()).toBe(leaks.heap());
        if (heap === 0) return; // all else is dropped
        expect(read.encode()).toBe(leaks.encode());
        expect([read.mutator(), read.callee()]).toEqual([leaks.mutator(), leaks.callee()]);
      }),
    );
  });
});
