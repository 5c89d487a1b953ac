/** What this process and its machine are like, for programs that goesc runs. Of Linux, /proc tells what Node does not. */
import { readdirSync, readFileSync } from "node:fs";
import * as os from "node:os";
import { Errno } from "../runtime/errno.ts";
import type { MachineInfo } from "../runtime/process-calls.ts";

const unlimited = 0xffffffffffffffffn;

/** How /proc/self/limits calls the resources, in the order of their numbers. */
const resources = [
  "cpu time",
  "file size",
  "data size",
  "stack size",
  "core file size",
  "resident set",
  "processes",
  "open files",
  "locked memory",
  "address space",
  "file locks",
  "pending signals",
  "msgqueue size",
  "nice priority",
  "realtime priority",
  "realtime timeout",
];

function file(name: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch {
    return "";
  }
}

function proc(name: string): string {
  return file(`/proc/${name}`);
}

export const machineInfo: MachineInfo = {
  limits() {
    const text = proc("self/limits");
    return resources.map((name) => {
      const [, soft, hard] = new RegExp(`^Max ${name} +(\\w+) +(\\w+)`, "m").exec(text) ?? ["", "", ""];
      const value = (word: string): bigint => (/^\d+$/.test(word) ? BigInt(word) : unlimited);
      return [value(soft), value(hard)] as const;
    });
  },
  usage() {
    const u = process.resourceUsage();
    return {
      user: u.userCPUTime,
      system: u.systemCPUTime,
      maxrss: u.maxRSS,
      counts: [
        u.sharedMemorySize,
        u.unsharedDataSize,
        u.unsharedStackSize,
        u.minorPageFault,
        u.majorPageFault,
        u.swappedOut,
        u.fsRead,
        u.fsWrite,
        u.ipcSent,
        u.ipcReceived,
        u.signalsCount,
        u.voluntaryContextSwitches,
        u.involuntaryContextSwitches,
      ],
    };
  },
  get uname() {
    return {
      system: "Linux",
      node: os.hostname(),
      release: os.release(),
      version: os.version(),
      domain: proc("sys/kernel/domainname").trim() || "(none)",
    };
  },
  status() {
    const text = proc("meminfo");
    const field = (name: string, otherwise = 0): bigint => {
      const kib = new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1];
      return kib === undefined ? BigInt(otherwise) : BigInt(kib) * 1024n;
    };
    const memory = {
      total: field("MemTotal", os.totalmem()),
      free: field("MemFree", os.freemem()),
      shared: field("Shmem"),
      buffers: field("Buffers"),
      swap: field("SwapTotal"),
      freeSwap: field("SwapFree"),
    };
    let processes = 1;
    try {
      processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length;
    } catch {
      // Another system.
    }
    return { uptime: os.uptime(), loads: os.loadavg(), memory, processes };
  },
  groups: () => {
    // Node adds the group of the process itself.
    const listed = /^Groups:(.*)$/m.exec(proc("self/status"))?.[1];
    return listed === undefined ? (process.getgroups?.() ?? []) : (listed.match(/\d+/g) ?? []).map(Number);
  },
  ids(pid) {
    // The name may have anything in it, parentheses too.
    const stat = proc(`${pid === 0 ? "self" : pid}/stat`);
    const [, , group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return session === undefined ? null : { group: Number(group), session: Number(session) };
  },
  affinity() {
    const status = /^Cpus_allowed:\s*([\da-f,]+)/m.exec(proc("self/status"))?.[1].replaceAll(",", "");
    const cpus = status === undefined ? (1n << BigInt(os.availableParallelism())) - 1n : BigInt(`0x${status}`);
    const most = Number(file("/sys/devices/system/cpu/kernel_max") || 63);
    const mask = new Uint8Array(Math.ceil((most + 1) / 64) * 8);
    for (let i = 0; i < mask.length; i++) mask[i] = Number((cpus >> BigInt(8 * i)) & 0xffn);
    return mask;
  },
  priority(pid) {
    try {
      return os.getPriority(pid);
    } catch {
      return null;
    }
  },
  setPriority(pid, priority) {
    try {
      os.setPriority(pid, priority);
      return 0;
    } catch (error) {
      const { info } = error as { info?: { code?: string } };
      return info?.code === "ESRCH" ? -Errno.ESRCH : -Errno.EACCES;
    }
  },
};

/** The same for a program in a sandbox: no name of a machine, and no process but its own. */
export function sandboxedMachine(pid: number): MachineInfo {
  const own = (id: number): boolean => id === 0 || id === pid;
  return {
    ...machineInfo,
    uname: { ...machineInfo.uname, node: "sandbox", domain: "(none)" },
    status: () => ({ ...machineInfo.status(), processes: 1 }),
    groups: () => [],
    ids: (id) => (own(id) ? machineInfo.ids(id) : null),
    priority: (id) => (own(id) ? machineInfo.priority(id) : null),
    setPriority: () => -Errno.EPERM,
  };
}
