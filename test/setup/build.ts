import { equip } from "../../scripts/pipeline/bare.ts";
import { build, PARTS, type Part } from "../../scripts/build.ts";

/**
 * Brings the build up to date before the first test, so that a plain `npx vitest run test/round` works.
 * Chromium and PostgreSQL are fetched where the machine has none.
 * TACIT_BUILD names the parts that the chosen tests need ("contracts", or "none") where that should be quicker.
 */
export default async function setup(): Promise<void> {
  await equip();
  const wanted = process.env["TACIT_BUILD"];
  if (wanted === "none") return;
  const parts =
    wanted === undefined
      ? PARTS
      : wanted.split(",").filter((part): part is Part => PARTS.some((known) => known === part));
  await build(parts);
}
