/** The bundle of the thread that programs run in. */
import { serveProgram } from "./run-host.ts";

serveProgram();
