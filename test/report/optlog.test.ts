/** The compiler's log for editors: what `go build -gcflags='-l -json=0,DIR'` writes, but for the back end's records. */
import { describe, expect, it } from "vitest";
import { analyzePackage } from "../../src/report/analyze.ts";
import { optLogDir, optLogFiles } from "../../src/report/optlog.ts";
import { Session } from "../../src/report/session.ts";
import { options } from "./analysis.ts";

const source = `package p

var gp *int

func esc() {
	x := 1
	gp = &x
}

func loop(xs []int) (r []*int) {
	for _, x := range xs {
		r = append(r, &x)
	}
	return r
}
`;

describe("the compiler's log", () => {
  const text = new TextEncoder().encode(source);
  const session = new Session({ readFile: () => text, readSummary: () => null }, "amd64");
  const unit = {
    importPath: "ex.com/a b",
    compilerPath: "ex.com/a b",
    goFiles: ["/src/x.go"],
    imports: new Map<string, string>(),
    goVersion: "go1.26",
    complete: false,
    isStd: false,
  };
  const { optLog } = analyzePackage(session, unit, { ...options, m: 0, explain: false, optLog: true });
  const header = { pkgPath: "ex.com/a b", goos: "linux", goarch: "amd64", goVersion: "go1.26.8" };
  const files = optLogFiles(session.fset, header, optLog);
  const lines = files[0].text.trimEnd().split("\n");

  it("has a directory for the package and a file for each source file", () => {
    expect(optLogDir(header.pkgPath)).toBe("ex.com%2Fa%20b");
    expect(files.map((file) => file.name)).toEqual(["x.json"]);
    expect(lines[0]).toBe(
      '{"version":0,"package":"ex.com/a b","goos":"linux","goarch":"amd64","gc_version":"go1.26.8","file":"/src/x.go"}',
    );
  });

  it("explains escapes, with Go's escaping of JSON", () => {
    expect(lines[1]).toBe(
      '{"range":{"start":{"line":6,"character":2},"end":{"line":6,"character":2}},"severity":3,"code":"escapes",' +
        '"source":"go compiler","message":"x escapes to heap","relatedInformation":[' +
        '{"location":{"uri":"file:///src/x.go","range":{"start":{"line":7,"character":7},' +
        '"end":{"line":7,"character":7}}},"message":"escflow:    flow: {heap} ← \\u0026x:"},' +
        '{"location":{"uri":"file:///src/x.go","range":{"start":{"line":7,"character":7},' +
        '"end":{"line":7,"character":7}}},"message":"escflow:      from \\u0026x (address-of)"},' +
        '{"location":{"uri":"file:///src/x.go","range":{"start":{"line":7,"character":5},' +
        '"end":{"line":7,"character":5}}},"message":"escflow:      from gp = \\u0026x (assign)"}]}',
    );
  });

  it("is sorted by place and knows loops whose variables are per iteration", () => {
    const records = lines.slice(1).map((line) => JSON.parse(line));
    expect(
      records.map(({ code, message, range }) => `${range.start.line}:${range.start.character} ${code} ${message}`),
    ).toEqual([
      "6:2 escapes x escapes to heap",
      "11:9 escapes x escapes to heap",
      "11:9 iteration-variable-to-heap x",
      "11:14 loop-modified-range ",
      "12:13 escape append(r, &x) escapes to heap",
      "12:13 escape ",
    ]);
    expect(records[3].range.end).toEqual({ line: 12, character: 17 });
  });
});
