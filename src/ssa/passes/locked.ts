/** Programs that run on several threads (`goesc run -threads`): functions of package runtime that change what threads share
 *  hold the runtime's lock while they run (overlay/runtime/threads.go). The lock counts: one of them may call another. A
 *  function that parks passes it on to the scheduler, and has it again when it goes on. */
import { type Block, BlockKind, type SFunc, type Sig, SOp, type Value, VT } from "../value.ts";
import { isGiven } from "./cfg.ts";

const noSig: Sig = { params: [], results: [] };

/** By link name. What calls code of the program must not be here, nor what is so small that it is inlined. */
const locked: ReadonlySet<string> = new Set([
  // Scheduler
  "runtime.newproc",
  "runtime.goexit1",
  "runtime.Gosched",
  "runtime.preempt",
  "runtime.gopark",
  "runtime.newcoro",
  "runtime.coroexit",
  "runtime.coroswitch",
  "runtime.setprocs",
  "runtime.toFirstThread",
  // Memory
  "runtime.nextFree",
  "runtime.mallocLarge",
  "runtime.persistentalloc",
  "runtime.GC",
  "runtime/debug.setGCPercent",
  "runtime/debug.readGCStats",
  "runtime.mmap",
  "runtime.munmap",
  "runtime.SetFinalizer",
  "runtime.addCleanup",
  "runtime.Cleanup.Stop",
  "runtime.getOrAddWeakHandle",
  "runtime.takePinner",
  "runtime.givePinner",
  "weak.runtime_makeStrongFromWeak",
  "runtime.memProfile",
  "runtime.GoroutineProfile",
  "runtime.pprof_goroutineProfileWithLabels",
  "runtime.Stack",
  // Channels, semaphores, timers
  "runtime.chansend",
  "runtime.chanrecv",
  "runtime.closechan",
  "runtime.chanlen",
  "runtime.selectgo",
  "runtime.semacquire1",
  "runtime.semrelease1",
  "sync.runtime_notifyListWait",
  "sync.runtime_notifyListNotifyAll",
  "sync.runtime_notifyListNotifyOne",
  "time.newTimer",
  "runtime.(*timer).stop",
  "runtime.(*timer).modify",
  "time.Sleep",
  "internal/synctest.Run",
  "internal/synctest.Wait",
  "runtime.bubbleOf",
  // Poller and signals
  "internal/poll.runtime_pollOpen",
  "internal/poll.runtime_pollClose",
  "internal/poll.runtime_pollWait",
  "internal/poll.runtime_pollSetDeadline",
  "internal/poll.runtime_pollUnblock",
  "runtime.sigsend",
  "runtime.inputCame",
  "runtime.callAgain",
  "os/signal.signal_recv",
  "os/signal.signal_enable",
  "os/signal.signal_ignore",
  // Tables that grow
  "runtime.getitab",
  "syscall.runtimeSetenv",
  "syscall.runtimeUnsetenv",
]);

export function isLocked(name: string): boolean {
  return locked.has(name);
}

/** Takes the lock where the function begins, and gives it back where it returns. */
export function holdLock(fn: SFunc): void {
  const call = (block: Block, sym: string): Value => {
    const v = fn.newValue(block, SOp.Call, VT.Void, [], block.pos);
    v.sym = sym;
    v.sig = noSig;
    return v;
  };
  const { entry } = fn;
  let at = 0;
  while (at < entry.values.length && isGiven(entry.values[at])) at++;
  entry.values.splice(at, 0, call(entry, "runtime.lock"));
  for (const block of fn.blocks) if (block.kind === BlockKind.Ret) block.values.push(call(block, "runtime.unlock"));
}
