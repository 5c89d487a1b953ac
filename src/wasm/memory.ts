/** How large a program's memory is when it begins: what the module says, and what the host makes for it if threads share it. */

/** The least number of pages for data that ends there. */
export function memoryPages(dataEnd: number): number {
  return Math.ceil(dataEnd / 65536) + 1;
}
