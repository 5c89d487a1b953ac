/** The bundle of the thread that programs run in. */
import { serveProgram } from "./serve-program.ts";

serveProgram();
