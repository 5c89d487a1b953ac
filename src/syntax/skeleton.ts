/** What stands between declarations, as far as it means something. */
const decoder = new TextDecoder();

/** Tokens of a stretch between declarations as text, without comments that are no directives. */
export function skeleton(bytes: Uint8Array): string {
  const pattern =
    /"(?:\\.|[^"\\\n])*"?|`[^`]*`?|'(?:\\.|[^'\\\n])*'?|(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(\s+)|[^\s"'`/]+|\//g;
  let out = "";
  for (const [token, comment, blank] of decoder.decode(bytes).matchAll(pattern)) {
    if (comment !== undefined) {
      if (/^\/[/*](?:go:|line |export |goesc:| \+build|extern )/.test(token)) out += token;
      else if (token.startsWith("/*")) out += token.includes("\n") ? "\n" : " ";
    } else out += blank === undefined ? token : token.includes("\n") ? "\n" : " ";
  }
  return out.replace(/[ \n]*\n[ \n]*/g, "\n").replace(/ +/g, " ");
}
