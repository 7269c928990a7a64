import { glob, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/pipeline/paths.ts";
import { tacit } from "../helpers/cli.ts";

/** Everything that tells readers what to type. */
const PLACES = ["README.md", "SECURITY.md", "docs/*.md", "docs/guides/*.md", "deploy/*"];

/** `tacit` commands of a text with the options that follow each on its line; lines that end in a backslash, and YAML's folded ones, go on. */
function commandsIn(
  text: string,
): { readonly name: string; readonly options: readonly string[] }[] {
  const lines = text.replaceAll(/\\\n/g, " ").replaceAll(/\n {8}(?=--)/g, " ");
  return [
    ...lines.matchAll(
      /(?:\btacit|src\/cli\/main\.ts) ([a-z][a-z-]*(?: (?:start|contribute|verify|beacon|finish|audit|add|apply|export|issue|draw|pin|new|show|group|tag|make-registry|list|challenge|rule|accept|withdraw|deploy|post|extend|pass-on|create|make|release|ask|remove)\b)?)([^`\n]*)/g,
    ),
  ].map(([, name = "", rest = ""]) => ({
    name,
    options: [...rest.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].map(([option]) => option),
  }));
}

test("every option that a document or an example of deployment gives to a command exists", async () => {
  const [wrong, checked, deployed]: [string[], string[], string[]] = [[], [], []];
  for await (const file of glob(PLACES, { cwd: ROOT })) {
    for (const { name, options } of commandsIn(await readFile(`${ROOT}/${file}`, "utf8")).filter(
      ({ options }) => options.length > 0,
    )) {
      const { code, out } = await tacit([...name.split(" "), "--help"]);
      const known = new Set(out.match(/--[a-z][a-z-]*/g));
      checked.push(name);
      if (file.startsWith("deploy/")) deployed.push(name);
      if (code !== 0) wrong.push(`${file}: tacit ${name}`);
      wrong.push(
        ...options
          .filter((option) => !known.has(option))
          .map((option) => `${file}: tacit ${name} ${option}`),
      );
    }
  }
  expect(wrong).toEqual([]);
  for (const name of ["coordinator", "worker"])
    expect(deployed, `an example of deployment runs ${name}`).toContain(name);
  expect(checked).toEqual(
    expect.arrayContaining(["coordinator", "worker", "estimate", "verify", "setup finish"]),
  );
});
