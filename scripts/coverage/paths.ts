import path from "node:path";
import { BUILD } from "../pipeline/paths.ts";

/** Instrumented sources, their artifacts, and under `hits` one file of reported tags for each process. */
export const INSTRUMENTED = path.join(BUILD, "coverage");
export const HITS = path.join(INSTRUMENTED, "hits");
