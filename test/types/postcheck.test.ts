import { expect, test } from "vitest";
import { check } from "./checker.ts";

const errorsOf = (source: string, options = {}): string[] => check(`package p\n${source}`, options).errors;

test("directives stand where they mean something", () => {
  expect(errorsOf("//go:noinline\nvar x int")).toEqual(["2:3: misplaced compiler directive"]);
  expect(errorsOf("//go:noinline\nfunc f() {}")).toEqual([]);
  expect(errorsOf("func f() {\n\t//go:noinline\n\ttype T int\n}")).toEqual(["3:4: misplaced compiler directive"]);
  expect(errorsOf("//go:noescape\nfunc f() {}")).toEqual([
    "3:6: can only use //go:noescape with external func implementations",
  ]);
});

test("linknames need package unsafe and something to name", () => {
  expect(errorsOf("//go:linkname f g\nfunc f() {}")).toEqual([
    '2:3: //go:linkname only allowed in Go files that import "unsafe"',
  ]);
  expect(errorsOf('import _ "unsafe"\n//go:linkname x y')).toEqual([
    "3:3: //go:linkname must refer to declared function or variable",
  ]);
});

test("functions need bodies when there is nothing but Go", () => {
  expect(errorsOf("func f()", { complete: true })).toEqual(["2:6: missing function body"]);
  expect(errorsOf("func f()")).toEqual([]);
  expect(errorsOf('import _ "unsafe"\n//go:linkname f g\nfunc f()', { complete: true })).toEqual([]);
});

test("anonymous interfaces must not refer to themselves", () => {
  expect(errorsOf("type I interface { m() interface { I } }")).toEqual([
    "2:8: invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)",
  ]);
});

test("types that no machine can hold", () => {
  expect(errorsOf("var x [1 << 50]byte")).toEqual(["2:5: type [1125899906842624]byte larger than address space"]);
  expect(errorsOf("type T [1 << 17]byte\nvar c chan T")).toEqual(["3:5: channel element type too large (>64kB)"]);
  expect(errorsOf("type G[T any] struct { a [1 << 20]T }\nvar c chan *G[int]")).toEqual([]);
});
