/** What of `-ldflags` means something where there is no linker of Go's. */
import { pathToPrefix } from "../ir/typefmt.ts";
import type { StringSetting } from "../wasm/setstrings.ts";
import { UsageError } from "./args.ts";

/** Words, some of them in quotes (cmd/internal/quoted). */
const word = /\s*(?:'([^']*)'|"([^"]*)"|(\S+))/y;

/** Reads the flag's value; -s and -w are about tables that no program has here. */
export function readLdflags(text: string): StringSetting[] {
  // Packages may stand before the flags of their programs: there is one program.
  const flags = text.replace(/^[^-\s'"][^=\s]*=/, "");
  const words: string[] = [];
  word.lastIndex = 0;
  for (let match = word.exec(flags); match !== null; match = word.exec(flags))
    words.push(match[1] ?? match[2] ?? match[3]);
  const settings: StringSetting[] = [];
  for (let i = 0; i < words.length; i++) {
    const [, name, given] = /^--?([^=]*)(?:=(.*))?$/s.exec(words[i]) ?? [];
    if (name === "s" || name === "w") continue;
    if (name !== "X") {
      const flag = JSON.stringify(words[i]);
      throw new UsageError(`-ldflags: ${flag} has no meaning here; there are -X importpath.name=value, -s and -w`);
    }
    const setting = given ?? words[++i] ?? "";
    const equals = setting.indexOf("=");
    const variable = setting.slice(0, Math.max(equals, 0));
    if (!variable.includes(".")) {
      throw new UsageError("-ldflags: -X flag requires argument of the form importpath.name=value");
    }
    const dot = variable.lastIndexOf(".");
    const symbol = `${pathToPrefix(variable.slice(0, dot))}${variable.slice(dot)}`;
    settings.push({ variable: symbol, value: setting.slice(equals + 1) });
  }
  return settings;
}
