/** Functions in data-flow form as text, for `--dump=ssa` and tests. */
import { numNames } from "./numnames.ts";
import { vectorNames } from "./simd.ts";
import {
  type Block,
  BlockKind,
  FnFlag,
  Mem,
  type SFunc,
  type Sig,
  type Slot,
  SOp,
  type Value,
  VFlag,
  VT,
} from "./value.ts";

const opNames: Record<number, string> = {
  [SOp.Phi]: "phi",
  [SOp.Param]: "param",
  [SOp.Ctxt]: "ctxt",
  [SOp.Const32]: "const",
  [SOp.Const64]: "const",
  [SOp.ConstF]: "const",
  [SOp.Addr]: "addr",
  [SOp.FuncAddr]: "func",
  [SOp.SlotAddr]: "slot",
  [SOp.Select]: "select",
  [SOp.Load]: "load",
  [SOp.Store]: "store",
  [SOp.StorePtr]: "storeptr",
  [SOp.Move]: "move",
  [SOp.Zero]: "zero",
  [SOp.MemCopy]: "memcopy",
  [SOp.MemFill]: "memfill",
  [SOp.NilCheck]: "nilcheck",
  [SOp.BoundsCheck]: "boundscheck",
  [SOp.DivCheck]: "divcheck",
  [SOp.ShiftCheck]: "shiftcheck",
  [SOp.Call]: "call",
  [SOp.CallIndirect]: "callindirect",
  [SOp.SetCtxt]: "setctxt",
  [SOp.Result]: "result",
  [SOp.PanicCall]: "panic",
  [SOp.Park]: "park",
  [SOp.Poll]: "poll",
  [SOp.FrameAddr]: "frame",
  [SOp.CallerFrame]: "callerframe",
  [SOp.CallerPC]: "callerpc",
  [SOp.GetReg]: "getreg",
  [SOp.SetReg]: "setreg",
  [SOp.Atomic]: "atomic",
  [SOp.MemorySize]: "memorysize",
  [SOp.MemoryGrow]: "memorygrow",
  [SOp.MatchBytes]: "matchbytes",
  [SOp.Simd]: "simd",
  [SOp.KeepAlive]: "keepalive",
  [SOp.Unreachable]: "unreachable",
};

const memNames: Record<number, string> = {
  [Mem.I32]: "i32",
  [Mem.I64]: "i64",
  [Mem.F32]: "f32",
  [Mem.F64]: "f64",
  [Mem.I8S]: "i8s",
  [Mem.I8U]: "i8u",
  [Mem.I16S]: "i16s",
  [Mem.I16U]: "i16u",
  [Mem.Ptr]: "ptr",
  [Mem.V128]: "v128",
};

function typeName(vt: VT): string {
  if (vt === VT.V128) return "v128";
  return vt === VT.I32 ? "i32" : vt === VT.I64 ? "i64" : vt === VT.F32 ? "f32" : vt === VT.F64 ? "f64" : "void";
}

function sigText({ params, results }: Sig): string {
  return `(${params.map(typeName).join(", ")})${results.length === 0 ? "" : ` ${results.map(typeName).join(", ")}`}`;
}

export function dumpFunc(fn: SFunc): string {
  const flags: string[] = [];
  if (fn.flags & FnFlag.Wrapper) flags.push("wrapper");
  if (fn.flags & FnFlag.HasDefer) flags.push("defer");
  if (fn.flags & FnFlag.Dupok) flags.push("dupok");
  if (fn.flags & FnFlag.NoSplit) flags.push("nosplit");
  if (fn.flags & FnFlag.NeedCtxt) flags.push("ctxt");
  let out = `${fn.name}${sigText(fn.sig)}${flags.length === 0 ? "" : ` [${flags.join(" ")}]`}\n`;
  for (const slot of fn.slots) {
    const pointers = slot.pointers.length === 0 ? "" : `, pointers ${slot.pointers.join(" ")}`;
    out += `  ${slotName(fn, slot)}: ${slot.size} bytes${pointers}\n`;
  }
  for (const block of fn.blocks) {
    if (block !== fn.entry && block.preds.length === 0 && block !== fn.deferExit && block.values.length === 0) continue;
    out += blockText(fn, block);
  }
  return `${out}\n`;
}

function slotName(fn: SFunc, slot: Slot): string {
  return `${slot.name}#${fn.slots.indexOf(slot)}`;
}

function blockText(fn: SFunc, block: Block): string {
  const from = block.preds.map((p) => `b${p.id}`).join(" ");
  let out = `b${block.id}:${from === "" ? "" : ` ; from ${from}`}${block === fn.deferExit ? " ; after recovery" : ""}\n`;
  for (const v of block.values) out += `  ${valueText(fn, v)}\n`;
  return `${out}  ${endText(block)}\n`;
}

function endText({ kind, control, results, succs, likely }: Block): string {
  const to = succs.map((b) => `b${b.id}`);
  switch (kind) {
    case BlockKind.Plain:
      return `goto ${to.join()}`;
    case BlockKind.If:
      return `if v${control?.id} ${to[0]} else ${to[1]}${likely > 0 ? " (likely)" : likely < 0 ? " (unlikely)" : ""}`;
    case BlockKind.Switch:
      return `switch v${control?.id} ${to.join(" ")}`;
    case BlockKind.Ret:
      return `ret${results.map((v) => ` v${v.id}`).join("")}`;
    default:
      return "exit";
  }
}

function valueText(fn: SFunc, v: Value): string {
  const parts: string[] = [opText(fn, v)];
  for (const arg of v.args) parts.push(`v${arg.id}`);
  const text = parts.join(" ");
  if (v.type === VT.Void && v.op !== SOp.Call && v.op !== SOp.CallIndirect) return text;
  return `v${v.id} = ${text} : ${typeName(v.type)}${v.flags & VFlag.Pointer ? "*" : ""}`;
}

function opText(fn: SFunc, v: Value): string {
  const name = opNames[v.op] ?? `op${v.op}`;
  switch (v.op) {
    case SOp.Phi:
      return typeof v.obj === "string" ? `phi(${v.obj})` : name;
    case SOp.Const32:
      return `${name} ${v.aux}`;
    case SOp.Const64:
      return `${name} ${v.big}`;
    case SOp.ConstF:
      return `${name} ${Object.is(v.num, -0) ? "-0" : v.num}`;
    case SOp.Addr:
      return `${name} ${v.sym}${v.aux === 0 ? "" : `+${v.aux}`}`;
    case SOp.FuncAddr:
      return `${name} ${v.sym}`;
    case SOp.SlotAddr:
      return `${name} ${slotName(fn, v.obj as Slot)}${v.aux === 0 ? "" : `+${v.aux}`}`;
    case SOp.Num:
      return numNames[v.aux] ?? `num ${v.aux.toString(16)}`;
    case SOp.Simd:
      return `${vectorNames[v.aux] ?? name}${v.num < 0 ? "" : ` ${v.num}`}`;
    case SOp.Load:
    case SOp.Store:
      return `${name}.${memNames[v.mem]}${v.aux === 0 ? "" : ` +${v.aux}`}`;
    case SOp.StorePtr:
      return `${name}${v.aux === 0 ? "" : ` +${v.aux}`}`;
    case SOp.Call:
    case SOp.PanicCall:
      return `${name} ${v.sym}${v.flags & VFlag.Tail ? " (tail)" : ""}`;
    case SOp.Param:
    case SOp.Move:
    case SOp.Zero:
    case SOp.BoundsCheck:
    case SOp.Result:
    case SOp.GetReg:
    case SOp.SetReg:
    case SOp.Park:
    case SOp.Atomic:
      return `${name} ${v.aux}`;
    default:
      return name;
  }
}
