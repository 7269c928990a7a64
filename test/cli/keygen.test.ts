import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { createColors } from "picocolors";
import { keyPictureLines } from "../../src/cli/output/key_picture.ts";
import { keyPairFromSecret } from "../../src/protocol/key.ts";
import { keyPicture } from "../../src/protocol/key_picture.ts";
import { readKeyFile } from "../../src/cli/input/key_file.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";

let folder: string;
const file = (name: string) => path.join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-keys-"));
});

describe("tacit keygen", () => {
  test.each(["donor", "coordinator"] as const)(
    "makes a %s key that only its owner can read, and prints no secret",
    async (kind) => {
      const { code, out } = await tacit([
        "keygen",
        "--out",
        file("key.json"),
        ...(kind === "coordinator" ? ["--coordinator"] : []),
      ]);
      expect(code).toBe(0);
      expect((await stat(file("key.json"))).mode & 0o777).toBe(0o600);
      const pair = await readKeyFile(file("key.json"), kind);
      expect(keyPairFromSecret(pair.secret).publicKey).toEqual(pair.publicKey);
      expect(out).not.toContain(pair.secret.toString(16));
      expect(out).not.toContain(String(pair.secret));
    },
  );

  test("never overwrites", async () => {
    await writeFile(file("key.json"), "precious");
    const { code, err } = await tacit(["keygen", "--out", file("key.json")]);
    expect(code).toBe(1);
    expect(err).toContain("is not overwritten");
    expect(await readFile(file("key.json"), "utf8")).toBe("precious");
  });

  test("a passphrase with its backup code gives the same key again, also from a file; another passphrase another one (KEY-4)", async () => {
    const make = (out: string, passphrase: string, ...more: string[]) =>
      tacitJson<{ publicKey: { x: string } }>(
        ["keygen", "--passphrase", ...more, "--backup-code", file("code.txt"), "--out", file(out)],
        { env: { TACIT_PASSPHRASE: passphrase } },
      );
    const first = await make("a.json", " correct horse");
    expect((await stat(file("code.txt"))).mode & 0o777).toBe(0o600);
    // A file says it as it stands there, but for the last line's end, whatever the environment has.
    await writeFile(file("passphrase"), " correct horse\r\n");
    const again = await make("b.json", "correct house", "--passphrase-file", file("passphrase"));
    expect(again.publicKey).toEqual(first.publicKey);
    expect((await make("c.json", "correct house")).publicKey).not.toEqual(first.publicKey);
  });

  test("a backup code is twelve words, made once and said so; one that is none is refused without being repeated (KEY-8)", async () => {
    const env = { TACIT_PASSPHRASE: "correct horse" };
    const options = ["keygen", "--passphrase", "--backup-code", file("code.txt")];
    const made = await tacit([...options, "--out", file("a.json")], { env });
    expect(made.err).toContain("Wrote a new backup code");
    const code = (await readFile(file("code.txt"), "utf8")).trim();
    expect(code.split(" ")).toHaveLength(12);
    expect(made.out + made.err).not.toContain(code.split(" ").slice(0, 2).join(" "));
    expect((await tacit([...options, "--out", file("b.json")], { env })).err).not.toContain(
      "backup code",
    );
    await writeFile(file("code.txt"), code.split(" ").reverse().slice(1).join(" "));
    const refused = await tacit([...options, "--out", file("c.json")], { env });
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining("it has 11 words, not 12"),
    ]);
    expect(refused.err).not.toContain(code.split(" ")[3]);
  });

  test("a short new passphrase is refused, as anybody guesses it; one of before is taken as it is", async () => {
    const options = [
      "keygen",
      "--passphrase",
      "--backup-code",
      file("code.txt"),
      "--out",
      file("key.json"),
    ];
    const { code, err } = await tacit(options, { env: { TACIT_PASSPHRASE: "short" } });
    expect([code, err]).toEqual([1, expect.stringContaining("has fewer than 8 characters")]);
    await writeFile(
      file("code.txt"),
      "legal winner thank year wave sausage worth useful legal winner thank yellow\n",
    );
    expect((await tacit(options, { env: { TACIT_PASSPHRASE: "short" } })).code).toBe(0);
  });

  test("shows the picture of the key with its words (KEY-9)", async () => {
    const shown = await tacit(["keygen", "--out", file("key.json")]);
    const { publicKey } = await readKeyFile(file("key.json"), "donor");
    expect(shown.out).toContain(keyPicture(publicKey).words.join(" "));
    expect(shown.out).toContain(keyPictureLines(publicKey, createColors(false))[3]?.trimEnd());
  });

  test.each([
    [
      "a passphrase without code or wallet",
      ["--passphrase"],
      "needs either --backup-code or --wallet",
    ],
    [
      "a coordinator key from a passphrase",
      ["--coordinator", "--passphrase"],
      "a coordinator key is always random",
    ],
    [
      "no passphrase at hand",
      ["--passphrase", "--backup-code", "code.txt"],
      "No passphrase is given",
    ],
  ])("%s is refused", async (_, options, text) => {
    const { code, err } = await tacit([
      "keygen",
      "--out",
      file("key.json"),
      ...options.map((option) => (option === "code.txt" ? file(option) : option)),
    ]);
    expect(code).toBe(1);
    expect(err).toContain(text);
  });
});

describe("a key file that is not one", () => {
  const valid = {
    kind: "tacit donor key",
    version: 1,
    publicKey: { x: "0x1", y: "0x2" },
    secret: "0x3",
  };
  test.each([
    ["is missing", undefined, "it cannot be read"],
    ["is not JSON", "hello", "it is not JSON with a kind"],
    ["is JSON of something else", "[1]", "it is not JSON with a kind"],
    [
      "is of another kind",
      JSON.stringify({ ...valid, kind: "tacit coordinator key" }),
      'its kind is "tacit coordinator key"',
    ],
    ["is of a later version", JSON.stringify({ ...valid, version: 2 }), "its version is not 1"],
    [
      "has no secret",
      JSON.stringify({ ...valid, secret: undefined }),
      "secret or publicKey is missing",
    ],
    [
      "has a secret out of range",
      JSON.stringify({ ...valid, secret: `0x${"f".repeat(64)}` }),
      "its secret is out of range",
    ],
    ["has a secret of another key", JSON.stringify(valid), "does not belong to its public key"],
  ])("%s", async (_, content, why) => {
    if (content !== undefined) await writeFile(file("key.json"), content);
    const error = await readKeyFile(file("key.json"), "donor").catch((thrown: unknown) => thrown);
    expect(String(error)).toContain(why);
    expect(String(error)).toContain("tacit keygen");
    expect(String(error)).not.toContain("ffffffff");
  });
});
