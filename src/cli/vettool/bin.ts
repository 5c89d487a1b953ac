/** The program `goesc-vettool`: the tool of `go vet -vettool=…`.
 *
 *  go starts it once for each package, and most of them only have to say where their facts will be: that, and what go
 *  asks about the tool, is done here. The analysis is a program of its own (unit-bin.ts), which is loaded if it is needed. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { programFile } from "../../host/code-cache.ts";
import { answerLater } from "./later.ts";
import { parseVetArgs, readVetConfig, vetFlags } from "./protocol.ts";

const usage = `goesc-vettool is run by go: go vet -vettool=$(which goesc-vettool) [-heap] [-fixes] [-l] [-whole] [packages]
`;

const self = fileURLToPath(import.meta.url);
const unit = join(dirname(self), "goesc-vetunit.js");

function main(args: readonly string[]): void {
  if (args.length === 1 && /^--?V=full$/.test(args[0])) {
    // The hash of the program: go does again what another build has done.
    const hash = createHash("sha256");
    for (const file of [self, programFile(unit)]) hash.update(readFileSync(file));
    process.stdout.write(`goesc-vettool version devel goesc buildID=${hash.digest("hex").slice(0, 32)}\n`);
    return;
  }
  if (args.length === 1 && /^--?flags$/.test(args[0])) {
    process.stdout.write(`${JSON.stringify(vetFlags)}\n`);
    return;
  }
  const parsed = parseVetArgs(args);
  if (parsed === null) {
    const fixing = args.some((arg) => /^--?(?:fix|diff)\b/.test(arg));
    process.stderr.write(
      fixing ? "goesc-vettool: go vet -fix is not supported: goesc explain -fix N -w applies an edit\n" : usage,
    );
    process.exitCode = 2;
    return;
  }
  const config = readVetConfig(parsed.config);
  if (config === null) {
    process.stderr.write(`goesc-vettool: ${parsed.config} is not there, or does not describe a package\n`);
    process.exitCode = 2;
    return;
  }
  if (!answerLater(config, parsed)) createRequire(import.meta.url)(unit);
}

main(process.argv.slice(2));
