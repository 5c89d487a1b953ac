/** The order in which tasks run that wait for each other (cli/schedule.ts). */
import { expect, it } from "vitest";
import { Task } from "../../src/cli/schedule.ts";

/** Two chains behind `first`: a, then b; c, then d. */
function chains(weights: Readonly<Record<string, number>>): Map<string, Task<string>> {
  const tasks = new Map<string, Task<string>>();
  const add = (name: string, after: string): void => {
    const task = new Task(name, weights[name] ?? 1);
    if (after !== "") task.after(tasks.get(after)!);
    tasks.set(name, task);
  };
  add("first", "");
  add("a", "first");
  add("b", "a");
  add("c", "first");
  add("d", "c");
  return tasks;
}

async function order(tasks: Map<string, Task<string>>, onFirst: () => void = () => {}): Promise<string> {
  const done: string[] = [];
  await Task.runAll([...tasks.values()], 1, async (name) => {
    done.push(name);
    if (name === "first") onFirst();
  });
  return done.join(" ");
}

it("begins with the longest chain", async () => {
  expect(await order(chains({ b: 5, d: 3 }))).toBe("first a b c d");
  expect(await order(chains({ b: 3, d: 5 }))).toBe("first c d a b");
});

it("takes weights that become known later", async () => {
  const tasks = chains({ b: 5, d: 3 });
  const reweigh = (): void => {
    tasks.get("b")!.weight = 1;
    Task.weigh([...tasks.values()]);
  };
  expect(await order(tasks, reweigh)).toBe("first c d a b");
});
