/** Packages that the runtime consists of: they may use more directives, and nothing of theirs may move to the heap
 *  (cmd/internal/objabi/pkgspecial.go, Go 1.26). */
const runtimePackages: ReadonlySet<string> = new Set([
  "runtime",
  "internal/runtime/atomic",
  "internal/runtime/cgroup",
  "internal/runtime/exithook",
  "internal/runtime/gc",
  "internal/runtime/gc/scan",
  "internal/runtime/maps",
  "internal/runtime/math",
  "internal/runtime/sys",
  "internal/runtime/syscall/linux",
  "internal/runtime/syscall/windows",
  "internal/abi",
  "internal/bytealg",
  "internal/byteorder",
  "internal/chacha8rand",
  "internal/coverage/rtcov",
  "internal/cpu",
  "internal/goarch",
  "internal/godebugs",
  "internal/goexperiment",
  "internal/goos",
  "internal/profilerecord",
  "internal/strconv",
  "internal/stringslite",
]);

export function isRuntimePackage(path: string): boolean {
  return runtimePackages.has(path);
}

/** Functions of the package are not instrumented by sanitizers: it supports them, or the runtime. */
export function isNoInstrumentPackage(path: string): boolean {
  if (path === "internal/bytealg") return false; // package bytes consists of it
  return runtimePackages.has(path) || path === "runtime/race" || path === "runtime/msan" || path === "runtime/asan";
}

/** The package makes what the race detector takes for races. */
export function isNoRacePackage(path: string): boolean {
  return path === "sync" || path === "sync/atomic" || path === "internal/sync" || path === "internal/runtime/atomic";
}
