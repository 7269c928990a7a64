import { beforeAll, expect, test } from "vitest";
import { capped } from "../../src/payouts/capped.ts";
import { minimum } from "../../src/payouts/minimum.ts";
import { PayoutSettingError, type PayoutChoice, type PayoutKind } from "../../src/payouts/rule.ts";
import { tiers } from "../../src/payouts/tiers.ts";
import { ruleChain, type RuleChain } from "./support/rules.ts";

let chain: RuleChain;
beforeAll(async () => {
  chain = await ruleChain();
});

type Texts = Readonly<Record<string, string>>;
const MOST = String((1n << 128n) - 1n);
const TOO_MUCH = String(1n << 128n);

/** Settings as they are typed, and what the contract is made with. */
const TAKEN: readonly (readonly [PayoutKind, Texts, readonly unknown[]])[] = [
  [capped, {}, [10_000n, 0n, 1n, 0n, true]],
  [capped, { cap: "0.01%" }, [1n, 0n, 1n, 0n, true]],
  [capped, { cap: " 5 " }, [500n, 0n, 1n, 0n, true]],
  [capped, { cap: "2.5%", surplus: "return" }, [250n, 0n, 1n, 0n, false]],
  [capped, { floor: "0", surplus: "return" }, [10_000n, 0n, 1n, 0n, false]],
  [capped, { floor: "0", "max-times": "1" }, [10_000n, 0n, 1n, 1n, true]],
  [capped, { floor: "1" }, [10_000n, 1n, 2n, 0n, true]],
  [capped, { floor: MOST, "min-supporters": "1" }, [10_000n, BigInt(MOST), 1n, 0n, true]],
  [capped, { "min-supporters": "65535" }, [10_000n, 0n, 65_535n, 0n, true]],
  [capped, { "max-times": "4294967295" }, [10_000n, 0n, 1n, 4_294_967_295n, true]],
  [minimum, { minimum: "1" }, [1n]],
  [minimum, { minimum: MOST }, [BigInt(MOST)]],
  [tiers, { tiers: "1x1" }, [[1n], [1n]]],
  [
    tiers,
    { tiers: `65535 x ${MOST}, 1×${MOST},2x1` },
    [
      [65_535n, 1n, 2n],
      [BigInt(MOST), BigInt(MOST), 1n],
    ],
  ],
];

/** Settings that are refused, and the one that is named. */
const REFUSED: readonly (readonly [PayoutKind, Texts, string])[] = [
  ...["0%", "0.00", "100.01%", "101", "5.123%", "-5%", "", "5,5%", "1e1", "0x5"].map(
    (cap) => [capped, { cap }, "cap"] as const,
  ),
  ...["0", "65536", "131072", "-1", "1.0", "two"].map(
    (text) => [capped, { "min-supporters": text }, "min-supporters"] as const,
  ),
  ...["4294967296", "8589934592", "-1", ""].map(
    (text) => [capped, { "max-times": text }, "max-times"] as const,
  ),
  [capped, { surplus: "keep" }, "surplus"],
  [capped, { floor: TOO_MUCH }, "floor"],
  [capped, { floor: "1", surplus: "return" }, "floor"],
  [capped, { floor: "1", "max-times": "1" }, "floor"],
  [capped, { floor: "2", "max-times": "1" }, "floor"],
  [minimum, {}, "minimum"],
  [minimum, { minimum: "0" }, "minimum"],
  [minimum, { minimum: TOO_MUCH }, "minimum"],
  ...[
    undefined,
    "",
    "1",
    "1x",
    "x1",
    "0x5",
    "65536x5",
    "131072x5",
    "1x0",
    "1x2x3",
    `1x${TOO_MUCH}`,
    "1x5,1x6",
  ].map((text) => [tiers, text === undefined ? {} : ({ tiers: text } as Texts), "tiers"] as const),
];

const amount = (text: string) => BigInt(text.trim() || "0");

test.each(TAKEN.map(([kind, texts, args]) => [kind.id, texts, kind, args] as const))(
  "PAYOUT-1 to PAYOUT-3: %s takes %o, and so does its contract",
  async (id, texts, kind, args) => {
    expect(kind.argsFrom(texts, amount)).toEqual(args);
    await expect(chain.at({ id, args } as PayoutChoice)).resolves.toBeDefined();
  },
);

test.each(REFUSED.map(([kind, texts, setting]) => [kind.id, texts, setting, kind] as const))(
  "%s refuses %o by the name of %s",
  (_, texts, setting, kind) => {
    let error: unknown;
    try {
      kind.argsFrom(texts, amount);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PayoutSettingError);
    expect((error as PayoutSettingError).message).toContain(setting);
  },
);

test("what a kind usually takes is what its contract takes", async () => {
  const usual = [capped, minimum, tiers].map(({ id, usual }) => ({ id, args: usual(1_000n) }));
  expect(usual.map(({ args }) => args)).toEqual([
    [1_000n, 0n, 2n, 0n, true],
    [10n],
    [
      [1n, 1n, 1n],
      [500n, 300n, 200n],
    ],
  ]);
  for (const choice of usual) await expect(chain.at(choice)).resolves.toBeDefined();
});
