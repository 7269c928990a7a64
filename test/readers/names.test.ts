import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Address } from "viem";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { readAllowList } from "../../src/donor/allow_list.ts";
import { BaseError } from "../../src/errors.ts";
import { readWithNames, type NameAnswer } from "../../src/readers/address.ts";

const file = new Uint8Array(readFileSync(fromRoot("test", "fixtures", "real_world", "names.csv")));
const account = (digit: string): Address => `0x${digit.repeat(40)}` as Address;

describe("files with names where accounts belong", () => {
  const read = async (
    content: string | Uint8Array,
    known: Readonly<Record<string, NameAnswer>>,
  ) => {
    const asked: string[][] = [];
    const { entries } = await readWithNames(
      (readOne) => readAllowList(content, "names.csv", readOne),
      async (names) => {
        asked.push([...names]);
        return new Map(Object.entries(known));
      },
    );
    return { asked, lines: entries.map(({ account: one, credits }) => `${one} ${credits}`) };
  };

  test("all names are looked up together, each as it was typed; what hides around one does not count", async () => {
    const { asked, lines } = await read(file, {
      "Ana.ETH": account("1"),
      "pay.ben.eth": account("2"),
      "ana.eth": account("3"),
      "👨\u200d🎤.eth": account("4"),
    });
    expect(asked).toEqual([["Ana.ETH", "pay.ben.eth", "ana.eth", "👨\u200d🎤.eth"]]);
    expect(lines).toEqual([
      `${account("1")} 9`,
      "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 7",
      `${account("2")} ${2n ** 64n - 1n}`,
      `${account("3")} 1`,
      `${account("4")} 3`,
    ]);
  });

  test("two names of one account, a name of nobody, and one without an answer are told by their line", async () => {
    const all = {
      "Ana.ETH": account("1"),
      "pay.ben.eth": account("2"),
      "ana.eth": account("1"),
      "👨\u200d🎤.eth": account("4"),
    };
    await expect(read(file, all)).rejects.toThrow(/^Line 5 .* is in line 2 already/);
    const nobody = new BaseError("It names nobody.", { fix: "Ask." });
    await expect(read(file, { ...all, "pay.ben.eth": nobody })).rejects.toThrow(
      /^Line 4 .*: It names nobody\.\s+What to do: Ask\./,
    );
    await expect(read(file, {})).rejects.toThrow(/^Line 2 .*is a name, and a name may stand for/);
  });

  test("what is wrong with the file itself is told without asking anybody; a file without names asks nobody", async () => {
    let asked = 0;
    const silent = async () => {
      asked++;
      return new Map<string, NameAnswer>();
    };
    await expect(
      readWithNames(
        (readOne) => readAllowList("account,credits\nana.eth,1\nben.eth,many\n", "a.csv", readOne),
        silent,
      ),
    ).rejects.toThrow(/^Line 3 of a\.csv: "many"/);
    const { entries } = await readWithNames(
      (readOne) => readAllowList(`account,credits\n${account("1")},1\n`, "a.csv", readOne),
      silent,
    );
    expect([entries.length, asked]).toEqual([1, 0]);
  });
});
