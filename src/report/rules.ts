/** The rules of the escape analysis, one for each program in examples/: what it says and what to do instead. The texts
 *  are the head comments of the examples (a test compares them); causes.ts tells which rule is behind a verdict. */

export interface Rule {
  /** The name of its example: examples/ID.go. */
  readonly id: string;
  readonly text: string;
  /** "" where there is nothing to do. */
  readonly instead: string;
}

function rule(id: string, text: string, instead: string): Rule {
  return { id, text, instead };
}

export const rules: readonly Rule[] = [
  rule(
    "address-of",
    "A variable whose address is returned outlives its frame, so it moves to the heap.",
    "Instead: return the value; the caller keeps the copy in its own frame.",
  ),
  rule(
    "append-pointer",
    "Elements that are appended may be copied to the heap, so what they point to must live there.",
    "Instead: append values, or store through an index of an array.",
  ),
  rule(
    "append",
    "append may make a new backing array; it is an allocation that escapes with the result.",
    "Instead: grow a slice that stays in the function.",
  ),
  rule(
    "array-slice",
    "Slicing an array takes its address.",
    "Instead of letting the slice out: copy into one of the caller.",
  ),
  rule(
    "closure-by-reference",
    "A variable that is assigned after its capture is shared with the closure, and escapes with it.",
    "Instead: capture a variable that is never reassigned.",
  ),
  rule(
    "closure-by-value",
    "A variable of at most 128 bytes that is never reassigned is captured by value: it stays, though its closure escapes.",
    "Instead of returning the closure: call it here.",
  ),
  rule(
    "closure-called",
    "A function literal that is only called where it stands needs no heap, nor does what it captures. What an unknown function returns may be anything that it can reach.",
    "Instead of passing results through a variable function: call the literal directly.",
  ),
  rule(
    "closure-large-capture",
    "What is larger than 128 bytes is captured by reference, reassigned or not.",
    "Instead: capture the part that is needed.",
  ),
  rule(
    "copy",
    "copy writes elements where the analysis does not follow: pointers among them leak.",
    "Instead: copy values.",
  ),
  rule(
    "defer-arguments",
    "Arguments of a deferred call wait in its closure; outside of loops that is in the frame.",
    "Instead of deferring in a loop: defer one call that does all.",
  ),
  rule(
    "defer",
    "A deferred closure outside of loops lives in the frame; in a loop each run needs a record of its own.",
    "Instead: defer once, or call a function per iteration that defers.",
  ),
  rule(
    "embedded",
    "A promoted method reaches its receiver through the fields that embed it.",
    "Instead of keeping the pointer: keep the value.",
  ),
  rule(
    "field-merge",
    "The analysis knows variables, not their fields: when one field leaks, all that the struct points to does.",
    "Instead: use variables of their own.",
  ),
  rule(
    "fmt-print",
    "The arguments of fmt functions become interfaces that fmt keeps for a while: values escape.",
    "Instead: format with strconv into a buffer, or print with the builtin.",
  ),
  rule(
    "generic-method-call",
    "A method of a type parameter is called through the dictionary, so its receiver and arguments escape.",
    "Instead: pass the function that is to be called, or write the concrete type.",
  ),
  rule(
    "generic-type",
    "All methods of an instantiated type are compiled where it is mentioned.",
    "Instead of returning pointers to the stack of a generic type: push values.",
  ),
  rule(
    "generic",
    "A generic function is analysed once per shape of its type arguments; its instances say so each.",
    "Instead: return the value.",
  ),
  rule(
    "global-store",
    "What a package variable points to can be reached for as long as the program runs.",
    "Instead: keep the pointer in a local variable, or store a copy of the value.",
  ),
  rule(
    "go",
    "A new goroutine has its own lifetime: its closure, and what that refers to, is on the heap.",
    "Instead: pass values, and get results over a channel.",
  ),
  rule(
    "goto-loop",
    "A label with a jump back to it is a loop: what is declared after it is new each time round.",
    "Instead: declare before the label.",
  ),
  rule(
    "indirect-store",
    "A store through a pointer counts as a store to the heap: the analysis does not know what is pointed to.",
    "Instead: assign to the variable itself.",
  ),
  rule(
    "interface-call",
    "Nobody knows which method an interface call reaches, so its receiver and arguments escape.",
    "Instead: call the method of the concrete type; where the compiler sees the type it does so by itself.",
  ),
  rule(
    "interface-conversion",
    "A value in an interface needs storage of its own; it escapes when the interface does. Pointers and constants need none.",
    "Instead: keep the concrete type.",
  ),
  rule(
    "leaking-content",
    "A parameter's content leaks when what it points to is kept, not the pointer itself. Then the caller's slice may stay, its elements may not.",
    "Instead: keep values.",
  ),
  rule(
    "leaking-param",
    "A parameter that a function keeps leaks: every caller's variable has to be on the heap.",
    "Instead: copy what it points to.",
  ),
  rule(
    "leaking-result",
    "A parameter that only flows to a result leaks as far as the caller lets the result go; the level counts the dereferences on the way.",
    "Instead of letting the result out: use it here.",
  ),
  rule(
    "literal-argument",
    "A local that holds a constant for good counts as that constant: no storage is needed to put it into an interface.",
    "Instead of reassigning it: use a variable of its own.",
  ),
  rule(
    "loop-depth",
    "A pointer that is kept outside of a loop outlives the variable of one iteration.",
    "Instead: declare the variable outside of the loop too.",
  ),
  rule(
    "loop-variable",
    "Since Go 1.22 each iteration has its own loop variable, so its address may be needed many times over.",
    "Instead: take the address of a variable outside of the loop, or of nothing.",
  ),
  rule(
    "make-chan",
    "A channel is always on the heap; the compiler does not even mention it.",
    "Instead: for work inside one goroutine a slice or an array does.",
  ),
  rule(
    "make-map",
    "A map that does not leave the function has its header, and a first group of slots, in the frame.",
    "Instead of returning the map: return what was looked up in it.",
  ),
  rule(
    "make-slice-empty-element",
    "A slice of elements without size is not put on the stack by make.",
    "Instead: count with an integer.",
  ),
  rule(
    "make-slice-large",
    "Implicit storage of more than 64 KiB never goes on the stack.",
    "Instead: work in pieces of at most 64 KiB.",
  ),
  rule(
    "make-slice-variable",
    "A size that only the run knows gets a small buffer in the frame and the heap behind it, if the slice stays; a slice that escapes is always on the heap.",
    "Instead: keep the slice in the function; a size that is constant after all needs no fall-back.",
  ),
  rule(
    "make-slice",
    "make of a constant size is an array in the frame as long as the slice stays in the function.",
    "Instead of returning the slice: let the caller pass one in.",
  ),
  rule(
    "map-literal",
    "Keys and values of a map live in the heap, even those of a map that does not escape itself.",
    "Instead: keep values in the map, not pointers.",
  ),
  rule("map-put", "A key or value that is put into a map lives in the heap.", "Instead: store values."),
  rule(
    "maphash",
    "hash/maphash.Comparable hashes addresses, which a moving stack would change: values with pointers escape, strings and numbers do not.",
    "Instead: hash what the pointer points to.",
  ),
  rule(
    "method-value",
    "A method value is a closure over its receiver.",
    "Instead: call the method, or use the method expression, which captures nothing.",
  ),
  rule(
    "multi-value",
    "Each result of a call is followed on its own; a conversion of one of them to an interface is an allocation.",
    "Instead: keep the results in variables of their type.",
  ),
  rule(
    "new-expr",
    "new(expr) stores the value in a temporary and yields its address; the temporary moves to the heap.",
    "Instead: let the address die with the function.",
  ),
  rule(
    "new",
    "new makes no promise about the heap; only where its pointer flows counts.",
    "Instead: let the pointer die with the function.",
  ),
  rule(
    "package-variable",
    "An initialiser that the linker can lay out as data allocates nothing; others run in the package's init.",
    "Instead: write the value as a literal.",
  ),
  rule(
    "panic",
    "The value of a panic is an interface that anybody may recover.",
    "Instead: panic with a constant, which needs no storage.",
  ),
  rule(
    "pointer-literal",
    "&T{...} is an allocation of its own; it escapes when its pointer outlives the function.",
    "Instead: return T, not *T.",
  ),
  rule(
    "range-array",
    "A range over an array works on a copy in the frame; over a slice of it, on the array itself.",
    "Instead of pointers to copies: use the index.",
  ),
  rule(
    "range-func",
    "The body of a range over a function is a closure that the iterator calls; with an unknown iterator it escapes, and so does all that it assigns to.",
    "Instead: an iterator that the compiler knows keeps it in the frame.",
  ),
  rule(
    "range-int",
    "The variable of a range over an integer is new in each iteration, as every loop variable.",
    "Instead: pass its value on.",
  ),
  rule(
    "range-map",
    "Keys and values that a range over a map yields are copies in variables of the loop.",
    "Instead: use them as values.",
  ),
  rule(
    "range-value",
    "The value variable of a range loop is a copy; its address is not the element's.",
    "Instead: take the address of the element, which is where it was.",
  ),
  rule(
    "recursion",
    "Functions that call each other are solved together; a pointer that goes round stays if it never leaves.",
    "Instead of handing pointers back up: hand values back.",
  ),
  rule(
    "reflect-header",
    "Storing an address into the Data field of a reflect.SliceHeader counts as storing a pointer.",
    "Instead: unsafe.Slice says the same and is followed exactly.",
  ),
  rule(
    "result-variable",
    "A result is a variable of the function; its address in a place that outlives the call moves it.",
    "Instead: work on a local and return it.",
  ),
  rule("select", "A select sends like a channel does: what is pointed to escapes.", "Instead: send values."),
  rule(
    "self-assignment",
    "An assignment that gives an object what it already holds is ignored: it lets nothing new escape. The first of these would otherwise leak its receiver's content.",
    "",
  ),
  rule(
    "send-pointer",
    "A pointer that is sent on a channel is in hands that the analysis cannot see.",
    "Instead: send the value.",
  ),
  rule(
    "slice-element",
    "A store to an element of a slice is a store through its pointer.",
    "Instead: use an array, or put the pointer in when the slice is made.",
  ),
  rule(
    "slice-literal",
    "The array behind a slice literal escapes with the slice.",
    "Instead: fill a slice of the caller, or return an array.",
  ),
  rule(
    "string-bytes",
    "Conversions between string and []byte copy; the copy escapes with the result. One that is only read shares the string's memory.",
    "Instead: work on the bytes that are there.",
  ),
  rule(
    "string-concat",
    "A concatenation is an allocation that escapes with the string; a small one that stays uses a buffer of the frame.",
    "Instead: compare or copy the parts.",
  ),
  rule(
    "string-runes",
    "Conversions between string and []rune, and of one rune to string, allocate.",
    "Instead: range over the string.",
  ),
  rule(
    "type-switch",
    "The variable of a type switch holds what the interface held; putting it into another interface is a new conversion.",
    "Instead: pass on the interface that is already there.",
  ),
  rule(
    "uintptrescapes",
    "//go:uintptrescapes makes pointers that are converted to uintptr in an argument escape.",
    "Instead: a function without the directive does not even see that it was a pointer.",
  ),
  rule(
    "unsafe-string",
    "Unsafe.String and unsafe.Slice are views: what they look at goes where they go.",
    "Instead of returning the view: convert, which copies.",
  ),
  rule(
    "unsafe",
    "A uintptr is no pointer, but one that becomes an unsafe.Pointer again in the same expression carries it along.",
    "Instead of returning the pointer: use it here.",
  ),
  rule(
    "variable-large",
    "A declared variable of more than 128 KiB is not put on the stack.",
    "Instead: stay at 128 KiB or below.",
  ),
  rule(
    "variadic",
    "The arguments of a variadic call are a slice in the caller's frame, if the callee does not keep it.",
    "Instead of keeping the parameter: keep a copy of what matters.",
  ),
];

const byId: ReadonlyMap<string, Rule> = new Map(rules.map((r) => [r.id, r]));

export function ruleById(id: string): Rule | null {
  return byId.get(id) ?? null;
}
