import { readFile } from "node:fs/promises";
import { createInstance } from "i18next";
import { zeroAddress, type Address } from "viem";
import { describe, expect, test } from "vitest";
import { listForeign, listUnproven } from "../../frontend/src/chain/unproven.ts";
import { describeSettings } from "../../frontend/src/rules.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import type { Parts, TokenFacts } from "../../src/index.ts";

const QUALIFIER: Address = `0x${"71".repeat(20)}`;
const END = 1_000n;

type Condition = Extract<Parts["payoutRule"], { kind: "known" }>["condition"];
const facts = (condition: Condition) =>
  ({
    settings: { token: zeroAddress, poolToken: QUALIFIER, end: END },
    parts: {
      gate: { kind: "open" },
      registry: { kind: "owned", owner: QUALIFIER, freezeTime: END },
      payoutRule: {
        kind: "known",
        id: "quadratic",
        args: [true],
        ...(condition === undefined ? {} : { qualifier: QUALIFIER, condition }),
      },
    },
  }) as unknown as Parameters<typeof listUnproven>[0];

describe("PAYOUT-4 what the page says of a rule with a condition", () => {
  test("a panel until the end is named; one beyond it, or a contract of somebody else's, is a warning", () => {
    const panel = (freezeTime: bigint) => ({
      kind: "reviews" as const,
      address: QUALIFIER,
      reviewers: [QUALIFIER],
      quorum: 1n,
      freezeTime,
      salt: "0x" as const,
    });
    const foreign = (freezeTime: bigint | undefined) => ({
      kind: "foreign" as const,
      address: QUALIFIER,
      freezeTime,
    });
    const told = (condition: Condition) => [
      listUnproven(facts(condition)).filter((name) => name.startsWith("qualifier")),
      listForeign(facts(condition)),
    ];
    expect(told(undefined)).toEqual([[], []]);
    expect(told(panel(END))).toEqual([["qualifier_reviews"], []]);
    expect(told(panel(END + 1n))).toEqual([
      ["qualifier_reviews", "qualifier_late"],
      ["qualifier_late"],
    ]);
    const both = ["qualifier_foreign", "qualifier_late"];
    expect(told(foreign(END))).toEqual([["qualifier_foreign"], ["qualifier_foreign"]]);
    expect(told(foreign(undefined))).toEqual([both, both]);
  });

  test.each(["en", "ja", "zh-Hant"])(
    "%s has the words, with the address in them",
    async (language) => {
      const words = async (part: string) =>
        JSON.parse(
          await readFile(fromRoot("frontend", "src", "i18n", `${part}${language}.json`), "utf8"),
        ) as { readonly verify: { readonly not: Readonly<Record<string, string>> } };
      const i18n = createInstance();
      const t = await i18n.init({
        lng: language,
        resources: { [language]: { translation: await words("rules.") } },
        interpolation: { escapeValue: false },
      });
      const token: TokenFacts = { address: QUALIFIER, symbol: "T", decimals: 18 };
      const choice = { id: "quadratic", args: [true] } as const;
      const told = describeSettings(t, { ...choice, qualifier: QUALIFIER }, token);
      expect(told.slice(0, -1)).toEqual(describeSettings(t, choice, token));
      expect(told.at(-1)).toContain(QUALIFIER);
      const all = await Promise.all([words(""), words("result.")]);
      const not = Object.assign({}, ...all.map(({ verify }) => verify.not)) as Readonly<
        Record<string, string>
      >;
      for (const name of ["qualifier_reviews", "qualifier_foreign", "qualifier_late"])
        expect(not[name]).toMatch(/\S/);
    },
  );
});
