/** Lowering at package level: which functions there are, in which order, under which names. What is expected is what
 *  `go build -gcflags='-W -l'` of Go 1.26.8 prints for the same source. */
import { describe, expect, test } from "vitest";
import { sha256 } from "../../src/ir/noder/sha256.ts";
import { Op } from "../../src/ir/op.ts";
import type { Type } from "../../src/ir/types.ts";
import { func, funcNames, lower, nodesOf, signatureOf } from "./lower.ts";

const source = `package u

type Base struct{ n int }

func (b *Base) Ptr() int { return b.n }
func (b Base) Val() int  { return b.n }

type Outer struct {
	*Base
	Named interface{ Close() error }
}

type List[E any] struct {
	head *elem[E]
	size int
}

type elem[E any] struct {
	next *elem[E]
	val  E
}

func (l *List[E]) Push(v E) *List[E] {
	l.head = &elem[E]{l.head, v}
	l.size++
	return l
}

func (l *List[E]) Each(f func(int, E) bool) {
	i := 0
	for e := l.head; e != nil; e = e.next {
		if !f(i, e.val) {
			return
		}
		i++
	}
}

func Convert[From, To any](l *List[From], f func(From) To) *List[To] {
	var out List[To]
	l.Each(func(_ int, v From) bool { out.Push(f(v)); return true })
	return &out
}

func Ident[T any](x T) T { return x }

func Name[S interface{ Name() string }](s S) string { f := s.Name; return f() + s.Name() }

type Person string

func (p Person) Name() string { return string(p) }

var ready = Ident(true)

var hook = func() { println(ready) }

func init() { hook() }

func _() { println(func() int { return 1 }()) }

func init() {
	type local struct{ a, b int }
	println(Ident(local{1, 2}).a)
}

func Use(o *Outer, names ...string) (count int) {
	var l List[string]
	seen := map[string]bool{}
	for _, name := range names {
		add := func() { seen[name] = true; count++; l.Push(name) }
		add()
	}
	for i, name := range l.Each {
		if seen[name] {
			defer println(i, name)
			continue
		}
		return len(name)
	}
	lens := Convert(&l, func(s string) int { return len(s) })
	m := o.Val
	go m()
	return lens.size + o.Ptr() + len(Name(Person("x")))
}
`;

const lowered = lower(source);

describe("functions of a package", () => {
  const names = funcNames(lowered);

  test("the initialiser and its closures come first, then what is declared", () => {
    expect(names.slice(0, 7)).toEqual([
      "init",
      "init.func1",
      "(*Base).Ptr",
      "Base.Val",
      "Person.Name",
      "init.0",
      "init.1",
    ]);
  });

  test("closures follow as bodies are read, the last body first", () => {
    const closures = names.filter((name) => name.startsWith("Use"));
    expect(closures[0]).toBe("Use");
    expect(new Set(closures.slice(1))).toEqual(
      new Set(["Use.func1", "Use-range1", "Use.deferwrap1", "Use.func2", "Use.gowrap2"]),
    );
  });

  test("instances: shaped before unshaped, all methods, in reverse order of request", () => {
    expect(names.filter((name) => name.includes("[") && !name.includes(".func"))).toEqual([
      "Name[go.shape.string]",
      "Name[ex.com/u.Person]",
      "Convert[go.shape.string,go.shape.int]",
      "(*List[go.shape.int]).Each",
      "(*List[go.shape.int]).Push",
      "Convert[string,int]",
      "(*List[int]).Each",
      "(*List[int]).Push",
      "(*List[go.shape.string]).Each",
      "(*List[go.shape.string]).Push",
      "(*List[string]).Each",
      "(*List[string]).Push",
      "Ident[go.shape.struct { ex.com/u.a int; ex.com/u.b int }]",
      "Ident[ex.com/u.local·1]",
      "Ident[go.shape.bool]",
      "Ident[bool]",
    ]);
  });

  test("wrappers: by type in first-read order, T before *T, method values last", () => {
    const last = names.slice(names.indexOf("Ident[bool]") + 1);
    expect(last).toEqual([
      "(*Base).Val",
      "interface { Close() error }.Close",
      "Outer.Ptr",
      "(*Outer).Ptr",
      "Outer.Val",
      "(*Outer).Val",
      "(*Person).Name",
      "Base.Val-fm",
    ]);
  });

  test("the blank function and what is in it do not exist", () => {
    expect(names.some((name) => name.startsWith("_"))).toBe(false);
  });
});

describe("dictionaries", () => {
  test.each([
    ["Ident[go.shape.bool]", "func(*[1]uintptr, go.shape.bool) go.shape.bool"],
    ["Name[go.shape.string]", "func(*[2]uintptr, go.shape.string) string"],
    [
      "Convert[go.shape.string,go.shape.int]",
      "func(*[7]uintptr, *List[go.shape.string], func(go.shape.string) go.shape.int) *List[go.shape.int]",
    ],
    ["(*List[go.shape.int]).Push", "method(*List[go.shape.int]) func(*[6]uintptr, go.shape.int) *List[go.shape.int]"],
  ])("%s", (name, signature) => {
    expect(signatureOf(lowered, name)).toBe(signature);
  });

  test("an unshaped instance calls the shaped one with its dictionary", () => {
    const call = nodesOf(func(lowered, "Ident[bool]")).find((x) => x.op === Op.OCALLFUNC)!;
    expect(call.list[0].op).toBe(Op.OADDR);
    expect((call.list[0].x as unknown as { sym: { name: string } }).sym.name).toBe(".dict.Ident[bool]");
  });
});

describe("closures", () => {
  const captured = (name: string) => func(lowered, name).closureVars.map((v) => v.sym.name);

  test("capture variables in the order of their first use", () => {
    expect(captured("Use.func1")).toEqual(["seen", "name", "count", "l"]);
  });

  test("in generic code capture the dictionary last", () => {
    expect(captured("Convert[go.shape.string,go.shape.int].func1")).toEqual(["out", "f", ".dict"]);
  });

  test("capture nothing for code that cannot run", () => {
    const dead = lower(
      "package p\nfunc f(a, b, c int) func() int { return func() int { if false { return b }; return a; return c } }",
    );
    expect(func(dead, "f.func1").closureVars.map((v) => v.sym.name)).toEqual(["a"]);
  });
});

describe("shapes", () => {
  const shapesOf = (decls: string, call: string) =>
    funcNames(lower(`package p\n${decls}\nfunc use() { ${call} }`, "p", { wrappers: false })).filter((name) =>
      name.includes("go.shape"),
    );

  test("all pointers are alike to a constraint that only asks for methods", () => {
    const generic = "func g[T any](x T) {}\nfunc h[T ~*int](x T) {}\ntype S struct{}";
    expect(shapesOf(generic, "g(new(int)); g(&S{}); h(new(int))")).toEqual(["h[go.shape.*int]", "g[go.shape.*uint8]"]);
  });

  test("unnamed types keep the names within", () => {
    expect(shapesOf("func g[T any](x T) {}\ntype S struct{}", "g([]S(nil)); g[any](1)")).toEqual([
      "g[go.shape.interface {}]",
      "g[go.shape.[]p.S]",
    ]);
  });

  test("names of large ones are hashed, with the first byte inverted", () => {
    const text = `struct { ${Array.from({ length: 60 }, (_, i) => `p.field${i} int`).join("; ")} }`;
    const sum = sha256(new TextEncoder().encode(text));
    sum[0] ^= 0xff;
    const fields = Array.from({ length: 60 }, (_, i) => `field${i} int`).join("; ");
    expect(shapesOf("func g[T any](x T) {}", `g(struct { ${fields} }{})`)).toEqual([
      `g[go.shape.${Buffer.from(sum).toString("hex")}]`,
    ]);
  });
});

test("an interface that embeds one under construction gets its methods later", () => {
  const { n } = lower(
    "package p\ntype A interface { m() B }\ntype B interface { A; k() }\nfunc f(a A) { a.m().m(); a.m().k() }",
  );
  const b = n.localPkg.lookup("B").def as Type;
  expect(b.fields.map((f) => f.sym?.name)).toEqual(["k", "m"]);
});

test("a method of a type parameter that is an interface is called imprecisely", () => {
  const { remarks } = lower("package p\ntype S interface{ M() }\nfunc g[T S](x T) { x.M() }\nfunc f(s S) { g[S](s) }");
  expect(remarks).toEqual(["imprecise interface call"]);
});
