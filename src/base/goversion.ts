/** What differs between Go releases in what the compiler decides and says: one table of dated rules.
 *
 *  Stages ask for a rule, never for a version. A row lists the values of a rule by the minor release (1.N) that brought
 *  them, oldest first; releases before the first row are taken as the first, those after the last as the last. */

export interface GoRules {
  /** Between destination and source of a `flow:` line. */
  readonly flowArrow: string;
  /** Headlines of explanations name the function: `x escapes to heap in f:`. */
  readonly explainsFunc: boolean;
  /** The escape solver's work lists are queues, in which a location waits only once; else stacks. */
  readonly queuedSolver: boolean;
  /** The array that append may allocate is a location with a verdict of its own. */
  readonly appendLocation: boolean;
  /** A make whose size is not constant can use a small buffer on the stack. */
  readonly variableMake: boolean;
  /** make of elements without size is always on the heap. */
  readonly zeroSizeToHeap: boolean;
  /** Sizes of make and operands of interface conversions that have one constant value are replaced by it. */
  readonly literalRewriting: boolean;
  /** So is `len` of a variable that is a slice literal. */
  readonly literalLength: boolean;
  /** A variable that only holds known functions is called like one of them; else like an unknown function. */
  readonly assignedCallees: boolean;
  /** Interface values are followed through all assignments of a variable; else to its only one. */
  readonly concreteTypes: boolean;
  /** Methods may have type parameters. */
  readonly genericMethods: boolean;
  /** Any type of the size of a pointer that is one is kept in the word of an interface; before, structs and arrays
   *  with a single part only. */
  readonly directBySize: boolean;
  /** Package and name of the generic function that keeps all but strings on the heap. */
  readonly escapeNonString: { readonly pkg: string; readonly prefix: string };
  /** Loops over b.Loop keep their variables alive; before, functions with such loops were not inlined into. */
  readonly bloop: boolean;
  /** Functions that compare and hash values are shared by types with the same signature (ir/reflectdata/signature.ts);
   *  else each type has its own. */
  readonly sharedTypeFuncs: boolean;
  /** The bounds that a slice expression would have anyway cost an inlined function nothing. */
  readonly freeSliceBounds: boolean;
  /** Functions that defer in a loop over a function are refused for that; before, for their cost. */
  readonly rangeFuncDeferRefused: boolean;
  /** Which release's table of intrinsics holds (inline/intrinsics.ts). */
  readonly intrinsics: number;
  /** What the first byte of a hash of Go's tools is changed by, so that it differs from plain SHA-256. */
  readonly hashMask: number;
  /** A literal in an inlined body is named after the function that it was written in, in that function's package;
   *  before, after all the functions around it. */
  readonly literalsOfCallee: boolean;
  /** Pointers to types that contain shapes have the shape of all pointers. */
  readonly shapedPointers: boolean;
  /** A temporary for an operand counts as assigned once. */
  readonly tempsAssignedOnce: boolean;
  /** Methods promoted from embedded interfaces are called by their wrappers as a tail call. */
  readonly interfaceTailCalls: boolean;
  /** A constant converted to a type parameter's type is a literal of that type. */
  readonly typeParamConstants: boolean;
  /** Types get their wrappers once they are read in full; before, when they are first met. */
  readonly wrapsCompleteTypes: boolean;
  /** A profile's call devirtualises only if it has any weight. */
  readonly coldCallsStay: boolean;
}

type History<T> = readonly (readonly [since: number, value: T])[];

const history: { readonly [K in keyof GoRules]: History<GoRules[K]> } = {
  flowArrow: [
    [24, "="],
    [25, "←"],
  ],
  explainsFunc: from(25),
  queuedSolver: from(25),
  appendLocation: from(25),
  variableMake: from(25),
  zeroSizeToHeap: from(25),
  literalRewriting: from(25),
  literalLength: from(26),
  assignedCallees: from(27),
  concreteTypes: from(26),
  escapeNonString: [
    [24, { pkg: "hash/maphash", prefix: "escapeForHash[" }],
    [25, { pkg: "internal/abi", prefix: "EscapeNonString[" }],
  ],
  genericMethods: from(27),
  directBySize: from(26),
  bloop: from(26),
  sharedTypeFuncs: from(27),
  freeSliceBounds: from(26),
  rangeFuncDeferRefused: from(26),
  intrinsics: [
    [24, 24],
    [25, 25],
    [26, 26],
    [27, 27],
  ],
  hashMask: [
    [24, 1],
    [25, 0xff],
  ],
  literalsOfCallee: from(27),
  shapedPointers: [
    [24, true],
    [25, false],
    [27, true],
  ],
  tempsAssignedOnce: from(27),
  interfaceTailCalls: from(27),
  typeParamConstants: from(27),
  wrapsCompleteTypes: from(27),
  coldCallsStay: from(25),
};

function from(minor: number): History<boolean> {
  return [
    [0, false],
    [minor, true],
  ];
}

/** The release whose rules hold where nobody says otherwise. */
export const defaultMinor = 26;

/** The rules of release 1.`minor`. */
export function goRules(minor: number): GoRules {
  const rules: Record<string, unknown> = {};
  for (const [name, rows] of Object.entries<History<unknown>>(history)) {
    let [, value] = rows[0];
    for (const row of rows) if (row[0] <= minor) value = row[1];
    rules[name] = value;
  }
  return rules as unknown as GoRules;
}
