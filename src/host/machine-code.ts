/** The machine code that the engine has made of a program, kept between runs: it makes code at once when a function is first
 *  called, and better code when it has been called often, which takes longer than many a program runs. With what was kept
 *  the functions that ran often begin with their better code.
 *
 *  Node has no way to it, but the engine has, for its own tests, and checks that the code is its own, made for this processor
 *  and under the same flags. Other engines than the one that this was tried with go without. */
import { setFlagsFromString } from "node:v8";

type AnyFunction = (...args: never[]) => unknown;

interface Natives {
  readonly serialize: (module: WebAssembly.Module) => ArrayBuffer;
  readonly deserialize: (code: ArrayBuffer, module: Uint8Array) => WebAssembly.Module | undefined;
  readonly improve: (fn: AnyFunction) => void;
}

/** Null with other engines. To be called where they are used: the engine drops the code of functions that were long idle,
 *  and could not read these again. */
function natives(): Natives | null {
  if (!/^11\.3\./.test(process.versions.v8)) return null;
  // As the flags count, it must be off again when code is kept or taken.
  setFlagsFromString("--allow-natives-syntax");
  try {
    return {
      serialize: new Function("module", "return %SerializeWasmModule(module)") as Natives["serialize"],
      deserialize: new Function(
        "code",
        "module",
        "return %DeserializeWasmModule(code,module)",
      ) as Natives["deserialize"],
      improve: new Function("fn", "%WasmTierUpFunction(fn)") as Natives["improve"],
    };
  } catch {
    return null; // an engine without them
  } finally {
    setFlagsFromString("--no-allow-natives-syntax");
  }
}

/** What modules are read with: programs say which of their branches are rarely taken (wasm/structure.ts), and small
 *  functions are inlined when better code is made, which takes a tenth off programs that call many. */
const features = ["branch-hinting", "inlining"];

/** The flags are only on while a module is read, and are of those that it keeps: under flags of its own the engine compiles
 *  Node's own code anew, for each thread that starts. Engines of other ages call them otherwise, or need none, and complain
 *  of flags that they do not know. */
function withFeatures<T>(read: () => T): T {
  if (!/^11\./.test(process.versions.v8)) return read();
  for (const feature of features) setFlagsFromString(`--experimental-wasm-${feature}`);
  try {
    return read();
  } finally {
    for (const feature of features) setFlagsFromString(`--no-experimental-wasm-${feature}`);
  }
}

/** In ms: after shorter runs there is nothing to keep. */
const leastTime = 2;
/** Code is kept anew if it has grown by that factor. */
const leastGrowth = 1.1;

export interface LoadedModule {
  readonly module: WebAssembly.Module;
  /** Bytes of kept code that it began with. */
  readonly taken: number;
}

/** The module, with the code that was kept of it if that is of use. */
export function loadModule(bytes: Uint8Array, code: Uint8Array | null): LoadedModule {
  if (code !== null) {
    const exact = new Uint8Array(code); // its buffer holds nothing else
    const engine = natives();
    const module = engine === null ? undefined : withFeatures(() => engine.deserialize(exact.buffer, bytes));
    if (module !== undefined) return { module, taken: exact.length };
  }
  return { module: withFeatures(() => new WebAssembly.Module(bytes)), taken: 0 };
}

/** What is worth keeping after a run of `ran` ms; null for nothing. `some` is any function of the module. */
export function codeToKeep({ module, taken }: LoadedModule, some: AnyFunction, ran: number): Uint8Array | null {
  if (ran < leastTime) return null;
  const engine = natives();
  if (engine === null) return null;
  // The engine cannot keep a module of which no function has better code.
  if (taken === 0) engine.improve(some);
  // Kept code is only taken under the flags of when it was written.
  const code = withFeatures(() => engine.serialize(module));
  return code.byteLength < taken * leastGrowth ? null : new Uint8Array(code);
}
