/** Union elements of interfaces: `~int | string`.
 *
 *  Mirrors cmd/compile/internal/types2/union.go. */
import { type Expr, Kind, Mode, type Operation } from "../syntax/ast.ts";
import { Op } from "../syntax/tokens.ts";
import { type Checker, later } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf, softErrorf } from "./errors.ts";
import { identical, isInterface, isTypeParam, isValid } from "./predicates.ts";
import { recordTypeAndValue } from "./recording.ts";
import { Term, type Type, TypeKind, Union } from "./types.ts";
import { maxTermCount, typeSet } from "./typeset.ts";
import { disjoint } from "./typeterm.ts";
import { typ } from "./typexpr.ts";
import { under } from "./under.ts";
import { Typ, universeComparable } from "./universe.ts";

/** The type of an interface element: a Union, or the very type for a single one without tilde. */
export function parseUnion(c: Checker, uexpr: Expr): Type {
  const { blist, tlist } = flattenUnion(uexpr);
  const terms: Term[] = [];
  let u: Type = Typ[0];
  let tooMany = false;
  for (let i = 0; i < tlist.length; i++) {
    const term = parseTilde(c, tlist[i]);
    if (tlist.length === 1 && !term.tilde) return term.type;
    if (terms.length >= maxTermCount) {
      if (!tooMany) {
        const format = "cannot handle more than %d union terms (implementation limitation)";
        errorf(c, tlist[i], Code.InvalidUnion, format, maxTermCount);
        tooMany = true;
        u = Typ[0];
      }
    } else {
      terms.push(term);
      u = new Union(terms.slice());
    }
    if (i > 0) recordTypeAndValue(c, blist[i - 1], Mode.TypExpr, u, null);
  }
  if (!isValid(u)) return u;
  later(c, () => checkTerms(c, terms, tlist)); // needs types to be set up
  return u;
}

function checkTerms(c: Checker, terms: readonly Term[], tlist: readonly Expr[]): void {
  for (let i = 0; i < terms.length; i++) {
    const t = terms[i];
    const at = tlist[i];
    if (!isValid(t.type)) continue;
    const u = under(t.type);
    const iface = u.kind === TypeKind.Interface ? u : null;
    if (t.tilde) {
      if (iface !== null) {
        errorf(c, at, Code.InvalidUnion, "invalid use of ~ (%s is an interface)", t.type);
        continue;
      }
      if (!identical(u, t.type)) {
        errorf(c, at, Code.InvalidUnion, "invalid use of ~ (underlying type of %s is %s)", t.type, u);
        continue;
      }
    }
    // An interface on its own is no union, so there are at least two terms here.
    if (iface !== null) {
      const tset = typeSet(iface);
      if (tset.methods.length !== 0) {
        errorf(c, at, Code.InvalidUnion, "cannot use %s in union (%s contains methods)", t, t);
      } else if (t.type === universeComparable.type) {
        error(c, at, Code.InvalidUnion, "cannot use comparable in union");
      } else if (tset.comparable) {
        errorf(c, at, Code.InvalidUnion, "cannot use %s in union (%s embeds comparable)", t, t);
      }
      continue;
    }
    const other = overlappingTerm(terms, i);
    if (other !== null) softErrorf(c, at, Code.InvalidUnion, "overlapping terms %s and %s", t, other);
  }
}

function parseTilde(c: Checker, tx: Expr): Term {
  let x = tx;
  let tilde = false;
  if (x.kind === Kind.Operation && x.op === Op.Tilde) {
    x = x.x;
    tilde = true;
  }
  let type = typ(c, x);
  if (isTypeParam(type)) {
    if (tilde) errorf(c, x, Code.MisplacedTypeParam, "type in term %s cannot be a type parameter", tx);
    else error(c, x, Code.MisplacedTypeParam, "term cannot be a type parameter");
    type = Typ[0];
  }
  const term = new Term(tilde, type);
  if (tilde) recordTypeAndValue(c, tx, Mode.TypExpr, new Union([term]), null);
  return term;
}

/** A term before the i-th one that has types in common with it. Interfaces do not count. */
function overlappingTerm(terms: readonly Term[], i: number): Term | null {
  for (let j = 0; j < i; j++) {
    const x = terms[j];
    if (!isInterface(x.type) && !disjoint(x, terms[i])) return x;
  }
  return null;
}

/** The binary expressions, innermost first, and the leaves of `A | B | C`. */
function flattenUnion(x: Expr): { blist: Operation[]; tlist: Expr[] } {
  const blist: Operation[] = [];
  const tlist: Expr[] = [];
  const walk = (x: Expr): void => {
    if (x.kind === Kind.Operation && x.op === Op.Or && x.y !== null) {
      walk(x.x);
      blist.push(x);
      x = x.y;
    }
    tlist.push(x);
  };
  walk(x);
  return { blist, tlist };
}
