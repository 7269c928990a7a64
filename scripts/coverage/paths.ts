import path from "node:path";
import { BUILD } from "../pipeline/paths.ts";

/** Instrumented sources, their artifacts, and under `hits` one file of reported tags for each process. */
export const INSTRUMENTED = path.join(BUILD, "coverage");
/** Bytecode of the instrumented contracts, in place of the build's: what is deployed by CREATE2 comes from it. */
export const INSTRUMENTED_BYTECODE = path.join(INSTRUMENTED, "bytecode.ts");
export const HITS = path.join(INSTRUMENTED, "hits");
