/** Whether a text may hold promises (directives.ts): cheap, so that other files are not read with their comments. */
export function mayHavePromises(text: string): boolean {
  return /\/\/\s?(?:goesc:|gcassert:|no-escape|must-inline|no-bounds-check|go:noheap|\+checkescape|\+mustescape)/.test(
    text,
  );
}

/** Whether a promise in the text is about callees too. */
export function mayNeedCallees(text: string): boolean {
  return /\/\/goesc:\S+[^\n]*\btransitive\b|\/\/ \+(?:check|must)escape:/.test(text);
}
