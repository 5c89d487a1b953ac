/** The part of the WebAssembly API that the machine uses; the types of Node leave it to those of browsers. */
declare namespace WebAssembly {
  type ModuleImports = Record<string, unknown>;

  class RuntimeError extends Error {}

  class Module {
    constructor(bytes: ArrayBufferView | ArrayBuffer);
  }

  class Instance {
    constructor(module: Module, imports?: Record<string, ModuleImports>);
    readonly exports: Record<string, unknown>;
  }

  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    /** Gives the old number of pages. */
    grow(pages: number): number;
  }

  class Global {
    value: number | bigint;
  }
}
