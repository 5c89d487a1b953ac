/** Random programs give the same results interpreted and compiled, with and without being interrupted everywhere, and
 *  with their stack moved each time. */
import { describe, expect, it } from "vitest";
import type { VT } from "../../src/ssa/value.ts";
import { canonical, Interpreter, Panic } from "./interpret.ts";
import { Machine } from "./machine.ts";
import { randomProgram, Scratch, scratchData } from "./random.ts";

const Fuel = 150;

function expected(seed: number): string {
  const { funcs, args } = randomProgram(seed);
  const interpreter = new Interpreter(funcs, new ArrayBuffer(1 << 20), new Map([[Scratch, 4096]]));
  interpreter.memory.setInt32(4096, Fuel, true);
  try {
    const { results } = funcs[0].sig;
    return interpreter
      .call("main.main", args)
      .map((x, i) => canonical(results[i], x))
      .join(" ");
  } catch (error) {
    if (error instanceof Panic) return error.message;
    throw error;
  }
}

export function compiled(seed: number, yieldEverywhere: boolean, move: boolean, stack: number): string {
  const { funcs, args } = randomProgram(seed);
  const machine = new Machine(funcs, { yieldEverywhere, move, stack, data: [scratchData] });
  new DataView(machine.memory.buffer).setInt32(machine.address(Scratch), Fuel, true);
  const out = machine.run(...args);
  if (out.panic !== "") return out.panic;
  const { results } = funcs[0].sig;
  return out.results.map((x, i) => canonical(results[i] as VT, x)).join(" ");
}

describe("random programs", () => {
  const first = Number(process.env.SEED ?? 1);
  const count = Number(process.env.COUNT ?? 60);
  it(`${count} from seed ${first}`, () => {
    for (let seed = first; seed < first + count; seed++) {
      const want = expected(seed);
      expect(compiled(seed, false, false, 1 << 20), `seed ${seed}`).toBe(want);
      expect(compiled(seed, true, true, 1024), `seed ${seed}, interrupted`).toBe(want);
    }
  }, 600_000);
});
