/** A page with an editor (CodeMirror) and the server in a worker, as a web editor has them; for web.test.ts. */
import { linter, setDiagnostics } from "@codemirror/lint";
import { basicSetup, EditorView } from "codemirror";
import { BrowserMessageReader, BrowserMessageWriter, createMessageConnection } from "vscode-jsonrpc/browser";

// The types of the DOM would be those of all tests.
declare const document: { readonly body: never };
declare const Worker: new (url: string) => { postMessage(message: unknown): void };

const uri = "vscode-vfs://github/mod/p.go";
const start = `package p

import "fmt"

func f(n int) *int {
	fmt.Println("世界 🎉", n)
	return new(int)
}
`;

async function main(): Promise<void> {
  const worker = new Worker("web-server.js");
  const std = new Uint8Array(await (await fetch("std-web.bin")).arrayBuffer());
  worker.postMessage({ std });
  const connection = createMessageConnection(
    new BrowserMessageReader(worker as never),
    new BrowserMessageWriter(worker as never),
  );
  let version = 1;
  const view = new EditorView({
    doc: start,
    parent: document.body,
    extensions: [
      basicSetup,
      linter(null),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        void connection.sendNotification("textDocument/didChange", {
          textDocument: { uri, version: ++version },
          contentChanges: [{ text: update.state.doc.toString() }],
        });
      }),
    ],
  });
  interface Range {
    readonly start: { line: number; character: number };
    readonly end: { line: number; character: number };
  }
  connection.onNotification(
    "textDocument/publishDiagnostics",
    (params: { version: number; diagnostics: { range: Range; message: string }[] }) => {
      if (params.version !== version) return;
      const { doc } = view.state;
      const offset = ({ line, character }: { line: number; character: number }): number =>
        doc.line(line + 1).from + character;
      const diagnostics = params.diagnostics.map(({ range, message }) => ({
        from: offset(range.start),
        to: offset(range.end),
        severity: "info" as const,
        message,
      }));
      view.dispatch(setDiagnostics(view.state, diagnostics));
      const found = diagnostics.map(({ from, to, message }) => `${doc.sliceString(from, to)}: ${message}`);
      Object.assign(globalThis, { found: { version, list: found } });
    },
  );
  connection.listen();
  const root = "vscode-vfs://github/mod";
  await connection.sendRequest("initialize", {
    processId: null,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: "mod" }],
    capabilities: {},
  });
  await connection.sendNotification("initialized", {});
  await connection.sendNotification("goesc/files", {
    files: [
      { path: "/mod/go.mod", text: "module example.com/mod\n\ngo 1.26\n" },
      { path: "/mod/q/q.go", text: "package q\n\nvar S any\n\nfunc Keep(p *int) { S = p }\n" },
      { path: "/mod/p.go", text: start },
    ],
  });
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "go", version, text: start },
  });
  Object.assign(globalThis, {
    setText: (text: string) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      return version;
    },
  });
}

void main();
