import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildDocs, SITE } from "../../scripts/docs.ts";

beforeAll(() => buildDocs(), 300_000);

test("the site has every guide, the README's pictures and the API reference, and no link that leads nowhere", async () => {
  for (const page of ["index", "guides/donor", "guides/organiser", "SPEC", "reference/index"])
    expect(existsSync(path.join(SITE, `${page}.html`)), page).toBe(true);
  const front = await readFile(path.join(SITE, "index.html"), "utf8");
  const pictures = [...front.matchAll(/<img[^>]* src="([^"]+)"/g)].map(([, file]) => file ?? "");
  expect(pictures.length).toBeGreaterThanOrEqual(2);
  for (const file of pictures) expect(existsSync(path.join(SITE, file)), file).toBe(true);
});
