/** Trees as text, one node a line: kind, place, what distinguishes it; children are indented.
 *
 *  A line reads `Operation 3:7-3:12 +` or, without ends, `Operation 3:7 +`; places are line:column as in the file,
 *  whatever `//line` says. Optional parts that are there are named, so that the children need no labels. */
import { type FileSet, NoPos, type Pos } from "../base/pos.ts";
import { ChanDir, type Directive, type File, type Group, Kind, type Node } from "./ast.ts";
import { tokenString } from "./parser.ts";
import { opText } from "./tokens.ts";
import { inspect } from "./walk.ts";

export interface DumpOptions {
  /** Print where nodes end, too. */
  readonly ends?: boolean;
}

export function dump(fset: FileSet, file: File, options: DumpOptions = {}): string {
  const dumper = new Dumper(fset, options.ends === true);
  dumper.tree(file);
  return dumper.lines.join("\n");
}

class Dumper {
  readonly lines: string[] = [];
  private readonly groups = new Map<Group, number>();

  constructor(
    private readonly fset: FileSet,
    private readonly ends: boolean,
  ) {}

  tree(root: Node): void {
    let indent = "";
    inspect(root, (n) => {
      if (n === null) {
        indent = indent.slice(1);
      } else {
        this.node(n, indent);
        indent += " ";
      }
      return true;
    });
  }

  private node(n: Node, indent: string): void {
    const place = this.ends ? `${this.at(n.pos)}-${this.at(n.end)}` : this.at(n.pos);
    const detail = this.detail(n);
    this.lines.push(`${indent}${kindNames[n.kind]} ${place}${detail === "" ? "" : ` ${detail}`}`);
  }

  private at(pos: Pos): string {
    if (pos === NoPos) return "-";
    const { line, col } = this.fset.absolute(pos);
    return `${line}:${col}`;
  }

  private group(group: Group | null): string {
    if (group === null) return "";
    const known = this.groups.get(group);
    const number = known ?? this.groups.size + 1;
    if (known === undefined) this.groups.set(group, number);
    return `group${number}`;
  }

  private directives(list: readonly Directive[]): string {
    return list.map((directive) => `${this.at(directive.pos)} ${JSON.stringify(directive.text)}`).join(" ");
  }

  /** What kind, place and children do not say. */
  private detail(n: Node): string {
    switch (n.kind) {
      case Kind.File: {
        const linknames = n.linknames.map((link) => `${link.local}=${link.remote}`);
        return words(`eof ${this.at(n.eof)}`, n.goVersion, this.directives(n.directives), ...linknames);
      }
      case Kind.ImportDecl:
        return words(this.group(n.group), n.localPkgName && "name", this.directives(n.directives));
      case Kind.ConstDecl:
      case Kind.VarDecl:
        return words(this.group(n.group), n.type && "type", n.values && "values", this.directives(n.directives));
      case Kind.TypeDecl:
        return words(this.group(n.group), n.alias && "alias", this.directives(n.directives));
      case Kind.FuncDecl:
        return words(n.recv && "recv", n.body && "body", this.directives(n.directives));
      case Kind.Name:
        return n.value;
      case Kind.BasicLit:
        return words(litKinds[n.litKind], JSON.stringify(n.value), n.bad && "bad");
      case Kind.CompositeLit:
        return words(n.typeExpr && "type", `keys=${n.nkeys}`, `rbrace ${this.at(n.rbrace)}`);
      case Kind.SliceExpr:
        return words(n.index.map((index) => (index === null ? "-" : "x")).join(":"), n.full && "full");
      case Kind.TypeSwitchGuard:
        return words(n.lhs && "lhs");
      case Kind.Operation:
        return words(n.y === null && "unary", opText[n.op]);
      case Kind.CallExpr:
        return words(n.hasDots && "...");
      case Kind.ArrayType:
        return words(n.len === null && "...");
      case Kind.StructType:
        return words(`fields=${n.fields.length}`, n.tags.map((tag) => (tag === null ? "-" : "t")).join(""));
      case Kind.Field:
        return words(n.name && "name");
      case Kind.FuncType:
        return words(`results=${n.results.length}`);
      case Kind.ChanType:
        return words(n.dir === ChanDir.SendOnly && "send", n.dir === ChanDir.RecvOnly && "recv");
      case Kind.BlockStmt:
      case Kind.SelectStmt:
        return `rbrace ${this.at(n.rbrace)}`;
      case Kind.AssignStmt:
        return words(n.rhs === null && "incdec", opText[n.op]);
      case Kind.BranchStmt:
        return words(tokenString(n.tok), n.target && `-> ${this.at(n.target.pos)}`);
      case Kind.CallStmt:
        return tokenString(n.tok);
      case Kind.IfStmt:
        return words(n.init && "init", n.else_ && "else");
      case Kind.ForStmt:
        return words(n.init && "init", n.cond && "cond", n.post && "post");
      case Kind.SwitchStmt:
        return words(n.init && "init", n.tag && "tag", `rbrace ${this.at(n.rbrace)}`);
      case Kind.RangeClause:
        return words(n.lhs && "lhs", n.def && ":=");
      case Kind.CaseClause:
        return words(n.cases === null && "default", `colon ${this.at(n.colon)}`);
      case Kind.CommClause:
        return words(n.comm === null && "default", `colon ${this.at(n.colon)}`);
    }
    return "";
  }
}

function words(...list: (string | false | object | null)[]): string {
  return list.filter((word) => typeof word === "string" && word !== "").join(" ");
}

const litKinds: readonly string[] = ["int", "float", "imag", "rune", "string"];

const kindNames: readonly string[] = (
  "ImportDecl ConstDecl TypeDecl VarDecl FuncDecl BadExpr Name BasicLit CompositeLit KeyValueExpr FuncLit ParenExpr " +
  "SelectorExpr IndexExpr SliceExpr AssertExpr TypeSwitchGuard Operation CallExpr ListExpr ArrayType SliceType " +
  "DotsType StructType InterfaceType FuncType MapType ChanType EmptyStmt LabeledStmt BlockStmt ExprStmt SendStmt " +
  "DeclStmt AssignStmt BranchStmt CallStmt ReturnStmt IfStmt ForStmt SwitchStmt SelectStmt RangeClause CaseClause " +
  "CommClause Field File"
).split(" ");
