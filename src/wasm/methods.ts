/** Which methods a program needs. The method table of a type refers to all its methods, but most are never called
 *  through an interface or by reflection; these are left out (as cmd/link's deadcode does).
 *
 *  A method is kept when code that is reachable calls an interface method of its name and signature, or when methods
 *  are looked up by reflection. */

/** What a function uses ({@link SFunc.usedMethods}): a method's key, {@link NamedMethod} and a name, or all methods. */
export const NamedMethod = "~";
export const AllMethods = "*";

export class Methods {
  private readonly used = new Set<string>();
  private all = false;
  /** Functions that wait for a use, by key and by name. */
  private readonly waiting = new Map<string, string[]>();

  /** `keep` is told of each function that is needed. */
  constructor(private readonly keep: (sym: string) => void) {}

  /** A type or itab that is reachable has method `key`, which is function `sym`. */
  add(key: string, sym: string): void {
    const name = nameOf(key);
    if (this.used.has(key) || this.used.has(NamedMethod + name) || (this.all && isExported(name))) {
      this.keep(sym);
      return;
    }
    this.wait(key, sym);
    this.wait(NamedMethod + name, sym);
    if (isExported(name)) this.wait(AllMethods, sym);
  }

  private wait(on: string, sym: string): void {
    const list = this.waiting.get(on);
    if (list === undefined) this.waiting.set(on, [sym]);
    else list.push(sym);
  }

  /** Reachable code uses what `use` stands for. */
  use(use: string): void {
    if (use === AllMethods) this.all = true;
    else if (this.used.has(use)) return;
    else this.used.add(use);
    const list = this.waiting.get(use);
    if (list === undefined) return;
    this.waiting.delete(use);
    for (const sym of list) this.keep(sym);
  }
}

function nameOf(key: string): string {
  return key.slice(0, key.indexOf("("));
}

/** Names that are not exported have a package path before them. */
function isExported(name: string): boolean {
  const c = name.charCodeAt(0);
  if (c < 0x80) return c >= 65 && c <= 90;
  return !name.includes(".") && /^\p{Lu}/u.test(name);
}
