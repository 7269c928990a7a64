/** What names are looked up with: a file of its own, which comes with the first name that is typed or told. */
export { lookUpName, lookUpNames, readPrimaryNames, spellName } from "../../../src/index.ts";
