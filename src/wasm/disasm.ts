/** The code of a function of an object as text, one instruction a line, for people (`--dump=wasm`). */
import { numNames } from "../ssa/numnames.ts";
import { vectorNames } from "../ssa/simd.ts";
import { Reg } from "../ssa/value.ts";
import { type FuncObject, type PackageObject, RelocKind, RelocWords } from "./object.ts";
import { MiscOp, Op, SimdOp, VoidBlock, WasmType } from "./op.ts";

const typeNames: Readonly<Record<number, string>> = {
  [WasmType.I32]: "i32",
  [WasmType.I64]: "i64",
  [WasmType.F32]: "f32",
  [WasmType.F64]: "f64",
  [WasmType.V128]: "v128",
};

const regNames: Readonly<Record<number, string>> = {
  [Reg.SP]: "SP",
  [Reg.Limit]: "Limit",
  [Reg.Ctxt]: "Ctxt",
  [Reg.Status]: "Status",
  [Reg.Resuming]: "Resuming",
  [Reg.Barrier]: "Barrier",
  [Reg.G]: "G",
};

const opNames: Readonly<Record<number, string>> = {
  [Op.Unreachable]: "unreachable",
  [Op.Block]: "block",
  [Op.Loop]: "loop",
  [Op.If]: "if",
  [Op.Else]: "else",
  [Op.End]: "end",
  [Op.Br]: "br",
  [Op.BrIf]: "br_if",
  [Op.BrTable]: "br_table",
  [Op.Return]: "return",
  [Op.Call]: "call",
  [Op.CallIndirect]: "call_indirect",
  [Op.Drop]: "drop",
  [Op.Select]: "select",
  [Op.LocalGet]: "local.get",
  [Op.LocalSet]: "local.set",
  [Op.LocalTee]: "local.tee",
  [Op.GlobalGet]: "global.get",
  [Op.GlobalSet]: "global.set",
  [Op.I32Load]: "i32.load",
  [Op.I64Load]: "i64.load",
  [Op.F32Load]: "f32.load",
  [Op.F64Load]: "f64.load",
  [Op.I32Load8S]: "i32.load8_s",
  [Op.I32Load8U]: "i32.load8_u",
  [Op.I32Load16S]: "i32.load16_s",
  [Op.I32Load16U]: "i32.load16_u",
  [Op.I32Store]: "i32.store",
  [Op.I64Store]: "i64.store",
  [Op.F32Store]: "f32.store",
  [Op.F64Store]: "f64.store",
  [Op.I32Store8]: "i32.store8",
  [Op.I32Store16]: "i32.store16",
  [Op.I32Const]: "i32.const",
  [Op.I64Const]: "i64.const",
  [Op.MemorySize]: "memory.size",
  [Op.MemoryGrow]: "memory.grow",
};

const simdNames: Readonly<Record<number, string>> = {
  [SimdOp.V128Load]: "v128.load",
  [SimdOp.V128Store]: "v128.store",
  [SimdOp.V128Const]: "v128.const",
  [SimdOp.I8x16Splat]: "i8x16.splat",
  [SimdOp.I8x16Eq]: "i8x16.eq",
  [SimdOp.I8x16Bitmask]: "i8x16.bitmask",
};

/** Instructions that a hole may stand in, and what is said for it. */
function holeName(object: PackageObject, kind: RelocKind, sym: number, add: number): string {
  switch (kind) {
    case RelocKind.Func:
      return object.symbols[sym];
    case RelocKind.Code:
      return `code ${object.symbols[sym]}`;
    case RelocKind.Data:
      return add === 0 ? object.symbols[sym] : `${object.symbols[sym]}+${add}`;
    case RelocKind.PC:
      return `pc ${add}`;
    case RelocKind.MoreStack:
      return `morestack ${sym}`;
    default:
      return `sig ${sym}`;
  }
}

export function disassemble(object: PackageObject, fn: FuncObject): string {
  const { code, relocs } = fn;
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const lines: string[] = [];
  let at = 0;
  let hole = 0;
  const uleb = (): number => {
    let n = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = code[at++];
      n |= (byte & 0x7f) << shift;
      if (byte < 0x80) return n >>> 0;
    }
  };
  const sleb = (): bigint => {
    let n = 0n;
    for (let shift = 0n; ; ) {
      const byte = code[at++];
      n |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return (byte & 0x40) !== 0 ? n - (1n << shift) : n;
    }
  };
  /** The operand at this place, or what the linker puts there. */
  const operand = (read: () => number | bigint): string => {
    if (hole >= relocs.length || relocs[hole] !== at) return String(read());
    const name = holeName(object, relocs[hole + 1], relocs[hole + 2], relocs[hole + 3]);
    hole += RelocWords;
    return name;
  };
  const access = (): string => {
    at++;
    return String(uleb());
  };
  const groups = uleb();
  const locals: string[] = [];
  for (let i = 0; i < groups; i++) {
    const count = uleb();
    locals.push(`${count} ${typeNames[code[at++]]}`);
  }
  const { params, results } = object.sigs[fn.sig];
  const flags = `frame ${fn.frameSize}, effects ${fn.effects}, ${params.length} parameters, ${results.length} results`;
  lines.push(`${fn.name}: ${flags}${locals.length > 0 ? `, locals ${locals.join(", ")}` : ""}`);
  let depth = 1;
  while (at < code.length) {
    let expected = "";
    if (relocs[hole] === at && relocs[hole + 1] === RelocKind.Branch) {
      expected = relocs[hole + 2] === 0 ? " rarely" : " mostly";
      hole += RelocWords;
    }
    const op = code[at++];
    if (op === Op.End || op === Op.Else) depth--;
    let text = opNames[op] ?? numNames[op] ?? `0x${op.toString(16)}`;
    const indent = "  ".repeat(Math.max(depth, 0));
    switch (op) {
      case Op.Block:
      case Op.Loop:
      case Op.If: {
        const type = code[at++];
        if (type !== VoidBlock) text += ` ${typeNames[type] ?? type}`;
        depth++;
        break;
      }
      case Op.Else:
        depth++;
        break;
      case Op.Br:
      case Op.BrIf:
      case Op.LocalGet:
      case Op.LocalSet:
      case Op.LocalTee:
        text += ` ${uleb()}`;
        break;
      case Op.GlobalGet:
      case Op.GlobalSet: {
        const reg = uleb();
        text += ` ${regNames[reg] ?? reg}`;
        break;
      }
      case Op.BrTable: {
        const count = uleb();
        for (let i = 0; i <= count; i++) text += ` ${uleb()}`;
        break;
      }
      case Op.Call:
        text += ` ${operand(uleb)}`;
        break;
      case Op.CallIndirect:
        text += ` ${operand(uleb)}`;
        at++;
        break;
      case Op.I32Const:
      case Op.I64Const:
        text += ` ${operand(sleb)}`;
        break;
      case Op.F32Const:
        text = `f32.const ${view.getFloat32(at, true)}`;
        at += 4;
        break;
      case Op.F64Const:
        text = `f64.const ${view.getFloat64(at, true)}`;
        at += 8;
        break;
      case Op.MemorySize:
      case Op.MemoryGrow:
        at++;
        break;
      case Op.Misc: {
        const sub = uleb();
        if (sub === MiscOp.MemoryCopy) {
          text = "memory.copy";
          at += 2;
        } else if (sub === MiscOp.MemoryFill) {
          text = "memory.fill";
          at++;
        } else text = numNames[(Op.Misc << 8) | sub] ?? `misc ${sub}`;
        break;
      }
      case Op.Simd: {
        const sub = uleb();
        text = simdNames[sub] ?? vectorNames[sub] ?? `simd ${sub}`;
        if (sub === SimdOp.V128Load || sub === SimdOp.V128Store) text += ` ${access()}`;
        else if (sub === SimdOp.V128Const) at += 16;
        else if (sub >= SimdOp.FirstLane && sub <= SimdOp.LastLane) text += ` ${code[at++]}`;
        break;
      }
      case Op.Atomic:
        text = `atomic 0x${uleb().toString(16)} ${access()}`;
        break;
      default:
        if (op >= Op.I32Load && op < Op.MemorySize) text += ` ${access()}`;
    }
    lines.push(indent + text + expected);
  }
  return `${lines.join("\n")}\n`;
}
