/** Which functions of the standard library a program can come to, told from names alone.
 *
 *  What is mentioned by what runs may run. A name that stands alone may be what the package declares under it, one after
 *  the name of an import what that package declares. One after any other dot may be every method of that name whose type is
 *  mentioned, if the package can have such a value (it imports the type's package, or what it imports exports something of
 *  that package), or if some interface has a method of that name: the linker asks no more of a method. That finds too much
 *  rather than too little; what it overlooks all the same, the linker misses, and the packages are compiled whole. */
import type { Interner } from "../base/intern.ts";
import type { Outline, OutlineDecl, OutlineType } from "../syntax/outline.ts";
import type { LoadedPackage } from "./package.ts";

/** The outlines of a package's files, in their order. */
export type PackageOutlines = readonly Outline[];

export interface ReachOptions {
  readonly packages: readonly LoadedPackage[];
  readonly outlines: (pkg: LoadedPackage) => PackageOutlines;
  /** All that the package declares counts as mentioned. */
  readonly isWhole: (pkg: LoadedPackage) => boolean;
}

/** What a program comes to of a package. */
export interface Reached {
  /** `F`, `T.M`. */
  readonly funcs: ReadonlySet<string>;
  /** Types that are mentioned. */
  readonly types: ReadonlySet<string>;
  /** `T.M`: methods that may be called, own or promoted ones. */
  readonly methods: ReadonlySet<string>;
  /** Variables that are mentioned, of those whose values can be left out (`OutlineDecl.isVar`). */
  readonly vars: ReadonlySet<string>;
}

export function reachedParts(names: Interner, options: ReachOptions): Map<LoadedPackage, Reached> {
  return new Reach(names, options).run();
}

/** The name under which a function is known in its package. */
export function declName(names: Interner, { name, recv }: OutlineDecl): string {
  return recv < 0 ? names.strings[name] : `${names.strings[recv]}.${names.strings[name]}`;
}

class ReachedPackage {
  /** What it declares outside of types, by name. */
  readonly decls = new Map<number, Declared[]>();
  readonly types = new Map<number, ReachedType>();
  /** Names that were mentioned. */
  readonly seen = new Set<number>();
  /** Names that it mentions after a dot. */
  readonly selected = new Set<number>();
  readonly reached = new Set<string>();
  readonly vars = new Set<string>();
  /** Packages that occur in what it exports. */
  readonly exported = new Set<ReachedPackage>();
  /** Itself, and those whose types it can have values of. */
  visible: ReadonlySet<ReachedPackage> = new Set();
}

class ReachedType {
  readonly methods = new Map<number, Declared[]>();
  decl: Declared | null = null;
  /** Somebody mentions it. */
  mentioned = false;
  /** Names of its methods, with those of what it embeds. */
  all: ReadonlySet<number> | null = null;
  constructor(
    readonly pkg: ReachedPackage,
    readonly name: number,
  ) {}
}

interface Declared {
  readonly decl: OutlineDecl;
  readonly pkg: ReachedPackage;
  readonly file: FileNames;
  done: boolean;
}

interface FileNames {
  /** By the number of the name that an import has in the file. */
  readonly imports: ReadonlyMap<number, ReachedPackage>;
  readonly dotImports: readonly ReachedPackage[];
  /** Functions that a linkname takes from elsewhere: local name → link name. */
  readonly links: ReadonlyMap<number, string>;
}

class Reach {
  private readonly packages = new Map<LoadedPackage, ReachedPackage>();
  private readonly byPath = new Map<string, ReachedPackage>();
  /** By a name after a dot, the packages that mention it. */
  private readonly selectors = new Map<number, ReachedPackage[]>();
  /** Names of methods of interfaces that are mentioned. */
  private readonly inInterfaces = new Set<number>();
  /** Methods of mentioned types that nobody calls so far, by their names. */
  private readonly waiting = new Map<number, { type: ReachedType; method: Declared }[]>();
  private readonly work: Declared[] = [];
  /** Methods may be looked up by name. */
  private reflection = false;
  private readonly lookups: ReadonlySet<number>;
  private readonly always: ReadonlySet<number>;
  private readonly error: number;

  constructor(
    private readonly names: Interner,
    private readonly options: ReachOptions,
  ) {
    this.error = names.numberOf("Error");
    this.always = new Set(["init", "_"].map((name) => names.numberOf(name)));
    this.lookups = new Set(["Method", "MethodByName"].map((name) => names.numberOf(name)));
  }

  run(): Map<LoadedPackage, Reached> {
    for (const pkg of this.options.packages) {
      const reached = new ReachedPackage();
      this.packages.set(pkg, reached);
      this.byPath.set(pkg.importPath, reached);
    }
    const roots: Declared[] = [];
    const linked = this.linked();
    for (const [pkg, reached] of this.packages) this.declare(pkg, reached, linked, roots);
    for (const [pkg, reached] of this.packages) {
      const visible = new Set([reached]);
      for (const imported of pkg.imports.values()) this.addVisible(this.packages.get(imported), visible);
      reached.visible = visible;
    }
    this.inInterfaces.add(this.error);
    for (const root of roots) this.take(root);
    for (let next = this.work.pop(); next !== undefined; next = this.work.pop()) this.follow(next);
    return new Map([...this.packages].map(([pkg, reached]) => [pkg, this.result(reached)]));
  }

  /** What linknames name in other packages. */
  private linked(): ReadonlySet<string> {
    const linked = new Set<string>();
    for (const pkg of this.options.packages)
      for (const { linknames } of this.options.outlines(pkg)) for (const { remote } of linknames) linked.add(remote);
    return linked;
  }

  private result({ types: declared, reached: funcs, vars }: ReachedPackage): Reached {
    const types = new Set<string>();
    const methods = new Set<string>();
    const { strings } = this.names;
    for (const type of declared.values()) {
      if (!type.mentioned) continue;
      types.add(strings[type.name]);
      for (const name of this.methodsOf(type))
        if (this.isCalled(type, name)) methods.add(`${strings[type.name]}.${strings[name]}`);
    }
    return { funcs, types, methods, vars };
  }

  private addVisible(pkg: ReachedPackage | undefined, visible: Set<ReachedPackage>): void {
    if (pkg === undefined || visible.has(pkg)) return;
    visible.add(pkg);
    for (const other of pkg.exported) this.addVisible(other, visible);
  }

  private declare(pkg: LoadedPackage, reached: ReachedPackage, linked: ReadonlySet<string>, roots: Declared[]): void {
    const whole = this.options.isWhole(pkg);
    const aliases: Declared[] = [];
    for (const outline of this.options.outlines(pkg)) {
      const { file, given } = this.fileNames(pkg, outline);
      for (const decl of outline.decls) {
        const declared = { decl, pkg: reached, file, done: false };
        const { name, recv, isFunc, isVar } = decl;
        const isLinked = recv < 0 && given.has(name) && decl.bodyStart >= 0;
        const isLinkedVar = isVar && (given.has(name) || linked.has(`${pkg.importPath}.${this.names.strings[name]}`));
        if (whole || name < 0 || this.always.has(name) || isLinked || isLinkedVar) roots.push(declared);
        else if (decl.alias >= 0) aliases.push(declared);
        if (name >= 0 && this.isExported(name)) {
          for (let i = 0; i < decl.inSignature[1]; i += 2) {
            const other = file.imports.get(decl.qualified[i]);
            if (other !== undefined) reached.exported.add(other);
          }
        }
        if (recv >= 0) push(this.typeOf(reached, recv).methods, name, declared);
        else if (isFunc || isVar || name < 0) push(reached.decls, name, declared);
        else this.typeOf(reached, name).decl = declared;
      }
    }
    // Whatever is initialised with a function needs it, as nothing of that is left out.
    for (const declared of aliases)
      if (reached.decls.get(declared.decl.alias)?.every(({ decl }) => decl.isVar) !== true) roots.push(declared);
  }

  private isExported(name: number): boolean {
    const first = this.names.strings[name][0];
    return first !== first.toLowerCase() || first > "\x7f";
  }

  private typeOf(pkg: ReachedPackage, name: number): ReachedType {
    let type = pkg.types.get(name);
    if (type === undefined) {
      type = new ReachedType(pkg, name);
      pkg.types.set(name, type);
    }
    return type;
  }

  private fileNames(pkg: LoadedPackage, outline: Outline): { file: FileNames; given: ReadonlySet<number> } {
    const imports = new Map<number, ReachedPackage>();
    const dotImports: ReachedPackage[] = [];
    for (const { name, path } of outline.imports) {
      const imported = pkg.imports.get(path);
      if (imported === undefined) continue;
      const target = this.packages.get(imported);
      if (target === undefined) continue;
      if (name === ".") dotImports.push(target);
      else imports.set(this.names.numberOf(name === "" ? imported.name : name), target);
    }
    const links = new Map<number, string>();
    for (const { local, remote } of outline.linknames) if (remote !== "") links.set(this.names.numberOf(local), remote);
    return { file: { imports, dotImports, links }, given: new Set(links.keys()) };
  }

  private take(declared: Declared): void {
    if (declared.done) return;
    declared.done = true;
    this.work.push(declared);
  }

  private follow({ decl, pkg, file }: Declared): void {
    const { name, recv, plain, selectors, qualified, isFunc } = decl;
    if (isFunc) pkg.reached.add(declName(this.names, decl));
    else if (decl.isVar && decl.bodyStart >= 0) pkg.vars.add(this.names.strings[name]);
    for (const mentioned of plain) {
      this.mention(pkg, mentioned);
      for (const other of file.dotImports) this.mention(other, mentioned);
    }
    for (let i = 0; i < qualified.length; i += 2) {
      const imported = file.imports.get(qualified[i]);
      if (imported !== undefined) this.mention(imported, qualified[i + 1]);
      else {
        this.mention(pkg, qualified[i]);
        this.select(pkg, qualified[i + 1]);
      }
    }
    for (const selector of selectors) this.select(pkg, selector);
    for (const { methods } of decl.interfaces) {
      for (const method of methods) {
        if (this.inInterfaces.has(method)) continue;
        this.inInterfaces.add(method);
        this.wake(method);
      }
    }
    const link = isFunc && recv < 0 ? file.links.get(name) : undefined;
    if (link !== undefined) this.link(pkg, link);
  }

  private mention(pkg: ReachedPackage, name: number): void {
    if (pkg.seen.has(name)) return;
    pkg.seen.add(name);
    for (const declared of pkg.decls.get(name) ?? []) this.take(declared);
    this.mentionType(pkg, name);
  }

  private mentionType(pkg: ReachedPackage, name: number): void {
    const type = pkg.types.get(name);
    if (type === undefined || type.mentioned) return;
    type.mentioned = true;
    if (type.decl !== null) this.take(type.decl);
    for (const [called, methods] of type.methods) {
      for (const method of methods) {
        if (this.isCalled(type, called)) this.take(method);
        else push(this.waiting, called, { type, method });
        this.mentionSignature(method);
      }
    }
  }

  /** The descriptor of a type has the types of all its methods. */
  private mentionSignature({ decl: { plain, qualified, inSignature }, pkg, file }: Declared): void {
    for (let i = 0; i < inSignature[0]; i++) this.mentionType(pkg, plain[i]);
    for (let i = 0; i < inSignature[1]; i += 2) {
      const imported = file.imports.get(qualified[i]);
      if (imported !== undefined) this.mentionType(imported, qualified[i + 1]);
    }
  }

  // ------------------------------------------------------------------------------------------------ methods

  private isCalled({ pkg }: ReachedType, name: number): boolean {
    if (this.reflection && this.isExported(name)) return true;
    const by = this.selectors.get(name);
    if (by === undefined) return false;
    return this.inInterfaces.has(name) || by.some(({ visible }) => visible.has(pkg));
  }

  private select(by: ReachedPackage, name: number): void {
    if (by.selected.has(name)) return;
    by.selected.add(name);
    push(this.selectors, name, by);
    this.wake(name);
    if (this.reflection || !this.lookups.has(name)) return;
    const reflect = this.byPath.get("reflect");
    if (reflect === undefined || by === reflect || !by.visible.has(reflect)) return;
    this.reflection = true;
    for (const waiting of [...this.waiting.keys()]) this.wake(waiting);
  }

  private wake(name: number): void {
    const waiting = this.waiting.get(name);
    if (waiting === undefined) return;
    const left = waiting.filter(({ type, method }) => {
      if (!this.isCalled(type, name)) return true;
      this.take(method);
      return false;
    });
    this.waiting.set(name, left);
  }

  private methodsOf(type: ReachedType): ReadonlySet<number> {
    if (type.all !== null) return type.all;
    const all = new Set<number>();
    type.all = all;
    for (const part of this.embedded(type)) {
      for (const name of part.methods.keys()) all.add(name);
      const { decl } = part;
      if (this.embedsError(part)) all.add(this.error);
      // What a struct embeds may be an interface; so may the type that this one is made from.
      for (const { methods } of decl?.decl.interfaces ?? []) for (const name of methods) all.add(name);
    }
    return all;
  }

  /** The type, and what it embeds, directly or not. */
  private embedded(type: ReachedType, seen = new Set<ReachedType>()): ReadonlySet<ReachedType> {
    if (seen.has(type)) return seen;
    seen.add(type);
    const { decl } = type;
    if (decl === null) return seen;
    const { embeds, interfaces } = decl.decl;
    for (const list of [embeds, ...interfaces.map((i) => i.embeds)]) {
      for (const name of list) {
        const other = this.named(name, decl.pkg, decl.file);
        if (other !== undefined) this.embedded(other, seen);
      }
    }
    return seen;
  }

  /** The predeclared interface, which no package declares. */
  private embedsError({ decl }: ReachedType): boolean {
    if (decl === null) return false;
    const { embeds, interfaces } = decl.decl;
    return [embeds, ...interfaces.map((i) => i.embeds)].some((list) =>
      list.some(
        ([qualifier, name]) => qualifier < 0 && this.names.strings[name] === "error" && !decl.pkg.types.has(name),
      ),
    );
  }

  private named([qualifier, name]: OutlineType, pkg: ReachedPackage, file: FileNames): ReachedType | undefined {
    return (qualifier < 0 ? pkg : file.imports.get(qualifier))?.types.get(name);
  }

  /** `path.F`, `path.T.M`, `path.(*T).M`. */
  private link(by: ReachedPackage, name: string): void {
    const dot = name.indexOf(".", name.lastIndexOf("/") + 1);
    const pkg = this.byPath.get(name.slice(0, dot));
    if (pkg === undefined) return;
    for (const part of name.slice(dot + 1).split(".")) {
      const number = this.names.numberOf(part.replace(/[(*)]/g, ""));
      this.mention(pkg, number);
      this.select(pkg, number);
      this.select(by, number);
    }
  }
}

function push<K, V>(table: Map<K, V[]>, key: K, value: V): void {
  const known = table.get(key);
  if (known === undefined) table.set(key, [value]);
  else known.push(value);
}
