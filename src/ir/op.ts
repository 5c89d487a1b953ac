/** Operations of the compiler's tree (cmd/compile/internal/ir/node.go), less those that only later passes make.
 *  The comment of each says which fields of a {@link Node} it uses; unary ones use `x`, binary ones `x` and `y`. */
export const enum Op {
  OXXX,
  /** a Name */
  ONAME,
  /** a type; `type` */
  OTYPE,
  /** `val` */
  OLITERAL,
  /** nil of `type` */
  ONIL,
  OADD,
  OSUB,
  OOR,
  OXOR,
  /** +{list} */
  OADDSTR,
  /** &x */
  OADDR,
  OANDAND,
  /** append(list); isDDD */
  OAPPEND,
  /** type(x) */
  OBYTES2STR,
  ORUNES2STR,
  OSTR2BYTES,
  OSTR2RUNES,
  OSLICE2ARR,
  OSLICE2ARRPTR,
  /** x = y; def */
  OAS,
  /** list = list2; def */
  OAS2,
  /** list = list2 (x, ok = i.(T)) */
  OAS2DOTTYPE,
  /** list = list2 (a, b = f()) */
  OAS2FUNC,
  /** list = list2 (v, ok = m[k]) */
  OAS2MAPR,
  /** list = list2 (v, ok = <-c) */
  OAS2RECV,
  /** x asOp= y; incDec */
  OASOP,
  /** x(list); isDDD; a static method call has an OMETHEXPR as x and the receiver first */
  OCALLFUNC,
  /** x(list), x is ODOTINTER */
  OCALLINTER,
  OCAP,
  OCLEAR,
  OCLOSE,
  /** `func` */
  OCLOSURE,
  /** type{list of OKEY} */
  OMAPLIT,
  /** type{list of OSTRUCTKEY} */
  OSTRUCTLIT,
  /** type{list}, OKEY where an index is written */
  OARRAYLIT,
  /** type{list}; `len` */
  OSLICELIT,
  /** &x, x a composite literal */
  OPTRLIT,
  /** type(x) */
  OCONV,
  /** type(x), to an interface */
  OCONVIFACE,
  /** type(x), no machine effect */
  OCONVNOP,
  /** copy(x, y) */
  OCOPY,
  /** var x */
  ODCL,
  /** a Func */
  ODCLFUNC,
  /** delete(list) */
  ODELETE,
  /** x.sel (struct) */
  ODOT,
  /** x.sel (pointer to struct) */
  ODOTPTR,
  /** x.sel (method of a non-interface) */
  ODOTMETH,
  /** x.sel (method of an interface) */
  ODOTINTER,
  /** x.(type) */
  ODOTTYPE,
  /** x.(type), comma-ok */
  ODOTTYPE2,
  OEQ,
  ONE,
  OLT,
  OLE,
  OGE,
  OGT,
  ODEREF,
  /** x[y] */
  OINDEX,
  /** x[y]; assigned */
  OINDEXMAP,
  /** x: y */
  OKEY,
  /** sel: x */
  OSTRUCTKEY,
  /** len(x) */
  OLEN,
  /** make(type, x) */
  OMAKECHAN,
  /** make(type, x) */
  OMAKEMAP,
  /** make(type, x, y) */
  OMAKESLICE,
  OMUL,
  ODIV,
  OMOD,
  OLSH,
  ORSH,
  OAND,
  OANDNOT,
  /** new(type.elem); y is a dynamic rtype */
  ONEW,
  ONOT,
  OBITNOT,
  OPLUS,
  ONEG,
  OOROR,
  OPANIC,
  /** print(list) */
  OPRINT,
  /** println(list) */
  OPRINTLN,
  OPAREN,
  /** x <- y */
  OSEND,
  /** x[y : z] */
  OSLICE,
  /** x[y : z], x a pointer to array */
  OSLICEARR,
  /** x[y : z], x a string */
  OSLICESTR,
  /** x[y : z : w] */
  OSLICE3,
  /** x[y : z : w], x a pointer to array */
  OSLICE3ARR,
  /** {x, y, z} */
  OSLICEHEADER,
  /** {x, y} */
  OSTRINGHEADER,
  /** recover() */
  ORECOVER,
  ORECV,
  ORUNESTR,
  /** list = list2 (v, ok = <-c) of a select case */
  OSELRECV2,
  /** min(list) */
  OMIN,
  /** max(list) */
  OMAX,
  OREAL,
  OIMAG,
  /** complex(x, y) */
  OCOMPLEX,
  /** unsafe.Add(x, y) */
  OUNSAFEADD,
  /** unsafe.Slice(x, y) */
  OUNSAFESLICE,
  OUNSAFESLICEDATA,
  /** unsafe.String(x, y) */
  OUNSAFESTRING,
  OUNSAFESTRINGDATA,
  /** type of x, method sel, e.g. T.M */
  OMETHEXPR,
  /** x.sel not called */
  OMETHVALUE,
  /** {list} */
  OBLOCK,
  /** label */
  OBREAK,
  /** a CaseClause or CommClause */
  OCASE,
  /** label */
  OCONTINUE,
  /** defer x; deferAt in y */
  ODEFER,
  OFALL,
  /** for init; x; y {body}; distinctVars */
  OFOR,
  /** label */
  OGOTO,
  /** if init; x {body} else {list} */
  OIF,
  /** label */
  OLABEL,
  /** go x */
  OGO,
  /** for y, z = range x {body}; distinctVars */
  ORANGE,
  /** return list */
  ORETURN,
  /** cases */
  OSELECT,
  /** switch init; x {cases} */
  OSWITCH,
  /** tag of a type switch: y (a Name or null) := x.(type) */
  OTYPESW,
  /** body, list = result variables */
  OINLCALL,
  /** x.(type), type only known at run time: y its descriptor, z its itab; w the descriptor of a derived x.type */
  ODYNAMICDOTTYPE,
  /** the same, comma-ok */
  ODYNAMICDOTTYPE2,
  /** a type only known at run time */
  ODYNAMICTYPE,
  /** return x, a call */
  OTAILCALL,
  /** pointer to the bytes of string x */
  OSPTR,
  /** the data word of interface value x */
  OIDATA,
  /** the type word of interface value x */
  OITAB,
  /** panics if pointer x is nil */
  OCHECKNIL,
}
