// The GitHub action: checks promises, compares with the base of the pull request, writes annotations and the job summary.
// Inputs come in GOESC_ variables (action.yml); GOESC_BIN names another goesc, for tests.
import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const { env } = process;
const bin = env.GOESC_BIN ?? join(dirname(dirname(fileURLToPath(import.meta.url))), "dist", "goesc.js");
const words = (text) => (text ?? "").split(/\s+/).filter((word) => word !== "");
const packages = words(env.GOESC_PACKAGES);

/** Runs goesc; its standard error is the job's. */
function goesc(...args) {
  const run = spawnSync(process.execPath, [bin, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 28,
  });
  return { code: run.status ?? 2, out: run.stdout ?? "" };
}

function append(file, text) {
  if (file) appendFileSync(file, text);
}

const sarif = env.GOESC_SARIF ? [`-out=sarif=${env.GOESC_SARIF}`] : [];
const plain = [...words(env.GOESC_ARGS), ...packages];
// What GitHub has no room for is not on the lines of the pull request; a base that is not there is spoken of below.
const known =
  env.GOESC_BASE &&
  spawnSync("git", ["cat-file", "-e", `${env.GOESC_BASE}^{commit}`], { stdio: "ignore" }).status === 0;
const args = known ? [`-changed=${env.GOESC_BASE}`, ...plain] : plain;
const check = goesc("check", "-format=github", ...sarif, ...args);
process.stdout.write(check.out);
append(env.GITHUB_STEP_SUMMARY, goesc("check", "-format=markdown", ...args).out);

let added = 0;
if (env.GOESC_BASE) {
  const range = `${env.GOESC_BASE}...HEAD`;
  const diff = goesc("diff", "-format=github", range, ...packages);
  process.stdout.write(diff.out);
  if (diff.code > 1)
    console.log(
      `::warning title=goesc::could not be compared with ${env.GOESC_BASE}: does the checkout have its history (fetch-depth: 0)?`,
    );
  append(env.GITHUB_STEP_SUMMARY, goesc("diff", "-format=markdown", range, ...packages).out);
  const records = goesc("diff", "-json", range, ...packages).out.split("\n");
  added = records.filter((line) => line.startsWith('{"change":"new"')).length;
}

append(env.GITHUB_OUTPUT, `findings=${check.code}\nnew=${added}\n`);
process.exitCode = check.code !== 0 ? check.code : env.GOESC_FAIL_ON_NEW === "true" && added > 0 ? 1 : 0;
