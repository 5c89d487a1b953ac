/** Running a program or a test with a count of what it allocates: a lens above `main` and above tests, and the task that
 *  it starts. Only where there are processes: not on the web. */
import * as vscode from "vscode";
import { type Runnable, runnables } from "./runnables.ts";

export function activateRunning({ subscriptions }: vscode.ExtensionContext): void {
  void vscode.commands.executeCommand("setContext", "goesc.canRun", true);
  const lenses = new RunLenses();
  subscriptions.push(
    lenses,
    vscode.languages.registerCodeLensProvider({ language: "go", scheme: "file" }, lenses),
    vscode.commands.registerCommand("goesc.runWithAllocations", (uri?: vscode.Uri, args?: readonly string[]) =>
      start(uri, args),
    ),
  );
}

class RunLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly listener = vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration("goesc.runLens")) this.changed.fire();
  });

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.getConfiguration("goesc", document).get<boolean>("runLens", true)) return [];
    return runnables(document.fileName, document.getText()).map(({ line, title, args }) => {
      const command = { command: "goesc.runWithAllocations", title, arguments: [document.uri, args] };
      return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command);
    });
  }
}

/** Without arguments, as from the palette: what the cursor is in, or the first that the file has. */
async function start(uri?: vscode.Uri, args?: readonly string[]): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const document = uri === undefined ? editor?.document : await vscode.workspace.openTextDocument(uri);
  let chosen = args;
  if (document !== undefined && chosen === undefined) {
    const all: readonly Runnable[] =
      document.languageId === "go" ? runnables(document.fileName, document.getText()) : [];
    const line = editor?.selection.active.line ?? 0;
    chosen = (all.filter((one) => one.line <= line).at(-1) ?? all[0])?.args;
  }
  if (document === undefined || chosen === undefined) {
    void vscode.window.showInformationMessage("goesc: there is neither a main function nor a test in this file.");
    return;
  }
  await document.save();
  const command = vscode.workspace.getConfiguration("goesc", document).get<string>("command", "") || "goesc";
  const cwd = vscode.Uri.joinPath(document.uri, "..").fsPath;
  const execution = new vscode.ProcessExecution(command, [...chosen], { cwd });
  const folder = vscode.workspace.getWorkspaceFolder(document.uri) ?? vscode.TaskScope.Workspace;
  const definition = { type: "goesc", args: [...chosen] };
  const task = new vscode.Task(definition, folder, ["goesc", ...chosen].join(" "), "goesc", execution);
  task.presentationOptions = { clear: true, reveal: vscode.TaskRevealKind.Always };
  try {
    await vscode.tasks.executeTask(task);
  } catch (error) {
    void vscode.window.showErrorMessage(
      `goesc: ${command} could not be started (${(error as Error).message}); the setting goesc.command names it.`,
    );
  }
}
