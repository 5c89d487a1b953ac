/** The program's entry: runs the command line, ends with its exit code. */
import { main } from "./main.ts";

// A reader that went away (`goesc -m std | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
