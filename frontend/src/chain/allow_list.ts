/** Loaded by who gives to a round with a list, and by nobody else: a reader of CSV is not small. */
export { parseGateList, readAllowList } from "../../../src/index.ts";
