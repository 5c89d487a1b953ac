/** How large a program's memory is when it begins (what the module says, and what the host makes for it if threads share it),
 *  and the names of what goesc itself has in it. */

/** The least number of pages for data that ends there. */
export function memoryPages(dataEnd: number): number {
  return Math.ceil(dataEnd / 65536) + 1;
}

/** Where results of a callee are that was resumed by the run loop, 8 bytes each. */
export const ResultArea = "goesc.results";
/** Arguments of a call that did not fit the stack: code address, closure context, then each argument in 8 bytes. */
export const ArgumentArea = "goesc.args";
/** The host function that leaves all functions up to the run loop. */
export const UnwindSymbol = "runtime.hostunwind";
