import { describe, expect, it } from "vitest";
import { TestFuncs } from "../../src/load/testmain.ts";

function mainOf(source: string): string {
  const funcs = new TestFuncs();
  funcs.load("/p/p_test.go", new TextEncoder().encode(source), "_xtest");
  return funcs.source("ex.com/p", "ex.com");
}

describe("examples of test files", () => {
  it("are run if their last comment says what they print", () => {
    const text = mainOf(`package p_test
func ExampleA() {
	f() // is not part of the comment below
	// Output:
	// 3
	// 5
}
func ExampleB() {
	// A note.
	// Output: 1
}
func ExampleC() {
	f()
	// unordered output: x
}
`);
    expect(text).toContain('{"ExampleA", _xtest.ExampleA, "3\\n5\\n", false}');
    expect(text).not.toContain('{"ExampleB"');
    expect(text).toContain('{"ExampleC", _xtest.ExampleC, "x\\n", true}');
  });
});
