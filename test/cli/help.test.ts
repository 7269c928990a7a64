import { describe, expect, test } from "vitest";
import { tacit } from "../helpers/cli.ts";

const COMMANDS = [
  "keygen",
  "deploy",
  "create-round",
  "projects",
  "publish",
  "contribute",
  "top-up",
  "fund",
  "status",
  "tally",
  "verify",
  "claim",
  "refund",
  "abort",
  "cancel",
  "match",
  "run",
  "coordinator",
  "worker",
  "estimate",
  "setup",
];

describe("help and usage", () => {
  test("tacit --help lists every command and explains the exit codes", async () => {
    const { code, out } = await tacit(["--help"]);
    expect(code).toBe(0);
    for (const name of COMMANDS) expect(out).toContain(`\n  ${name} `);
    expect(out).toContain(
      "Exit codes: 0 done; 1 refused or failed; 2 the command was not understood; 3 verify or run",
    );
  });

  test.each(COMMANDS.filter((name) => name !== "projects" && name !== "setup"))(
    "tacit %s --help has a description and examples",
    async (name) => {
      const { code, out } = await tacit([name, "--help"]);
      expect(code).toBe(0);
      expect(out).toContain("--json");
      expect(out).toContain("Examples:");
    },
  );

  test.each([
    ["an unknown command", ["vote"], "unknown command"],
    ["an unknown option", ["match", "--speed"], "unknown option"],
    ["a missing round", ["status"], "required option '--round <address>'"],
    ["an address that is not one", ["status", "--round", "0x12"], "Not an address"],
    [
      "a URL that is not one",
      ["status", "--round", `0x${"1".repeat(40)}`, "--rpc", "ftp://x"],
      "Not an http or https URL",
    ],
    [
      "a time that is not one",
      ["create-round", "--deployment", "d", "--coordinator-key", "k", "--end", "soon"],
      "Not a time",
    ],
  ])("%s is a usage error: exit code 2", async (_, args, text) => {
    const { code, out, err } = await tacit(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(text);
  });

  test("no command: help and exit code 2", async () => {
    expect((await tacit([])).code).toBe(2);
  });

  test("no option takes a secret", async () => {
    for (const name of COMMANDS) {
      const { out } = await tacit([name, "--help"]);
      for (const [, option] of out.matchAll(
        /^ +(--[a-z-]*(?:key|secret|passphrase|code)[a-z-]*(?: <[^>]+>)?)/gm,
      )) {
        expect(option).toMatch(/<file|^--[a-z-]+$/);
      }
    }
  });
});
