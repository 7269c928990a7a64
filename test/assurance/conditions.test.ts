import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { discharge, EXPLAINED, inCase, classify, type Verdict } from "./conditions.ts";
import { Determinism } from "./determinism.ts";
import { sharedPoint } from "./mains.ts";
import {
  compileVariant,
  WITHOUT_R_ON_CURVE,
  WITHOUT_ROOT_ON_CURVE,
  type ConstraintSystem,
  type Edit,
} from "./variants.ts";

/**
 * What a row's result depends on beyond its inputs: each factor that must not vanish, found in the constraint system and tied to the lemma of
 * docs/SOUNDNESS.md that says why it does not. Read before linear elimination (--O1), which leaves one constraint a statement of the
 * source; elimination.test.ts shows that the shipped system says the same.
 */
const STATE = [
  "owner",
  "key.x",
  "key.y",
  "credits",
  "nonce",
  "lastT",
  "F",
  "cost",
  "pos",
  "PM",
  "acc",
  "D",
];
const LANES = /^(t\[0\]|contribution(T|Tag|Credits|Key)\[0\](\[\d\])?|words\[0\]\[[01]\])$/;
const PLAIN = /^row\[0\]\.command\[\d\]$/;
const S = /^row\[0\]\.Keystream_\d+_\d+\.[uv]$/;
/** R', which h absorbs beside the row. */
const COMMITMENT = /^row\[0\]\.SignatureHash_\d+_\d+\.commitment\.[xy]$/;
/** Inputs of the hashes that make D and h of a row, each plus a constant. */
const HASHED =
  /^row\[0\]\.(Hash_\d+_\d+|SignatureHash_\d+_\d+\.hash)\.permutation\.ark\[0\]\.out\[\d+\]$/;
const REST = /^(before|salt(Before|After)|rowsSalt|state\[\d+\]|constants\[\d+\])$/;
/** Bits of eLow as signs of the key's v: the weighted sum fixes them (small_prime.test.ts), which propagation does not see. */
const SIGNS =
  /^row\[0\]\.(SignatureHash_\d+_\d+\.multiple\.signedV\[\d+\]|(form|SignatureHash_\d+_\d+)\.eLow)$/;

const given = (system: ConstraintSystem, ...names: readonly RegExp[]) =>
  names.flatMap((name) => {
    const found = system.find(name);
    if (found.length === 0) throw new RangeError(`No signal matches ${name}`);
    return found;
  });
const one = (system: ConstraintSystem, name: RegExp) => {
  const [wire, ...others] = system.find(name);
  if (wire === undefined || others.length > 0)
    throw new RangeError(`${others.length + 1} signals match ${name}`);
  return wire;
};
const after = (system: ConstraintSystem, name: string) =>
  one(system, new RegExp(`^StateCommitment_\\d+_\\d+\\.in\\.${name.replace(".", "\\.")}$`));
const whose = (verdicts: readonly Verdict[]) => [...new Set(verdicts.map(({ by }) => by))].sort();

let fold: ConstraintSystem;
beforeAll(
  async () => void (fold = await compileVariant({ main: { name: "fold_one" }, level: "O1" })),
);

const ofR = (system: ConstraintSystem, prefix: string) =>
  ["u", "v"].map((name) =>
    one(system, new RegExp(`^${prefix}EdwardsToMontgomery_\\d+_\\d+\\.out\\.${name}$`)),
  ) as [number, number];
const ofRoot = (system: ConstraintSystem, prefix: string) =>
  [0, 1].map((i) => system.wire(`${prefix}[${i}]`)) as [number, number];

test("lemmas of the table are those of SOUNDNESS, and lemma 1 leans on no door", async () => {
  const text = await readFile(fromRoot("docs/SOUNDNESS.md"), "utf8");
  for (const { lemma } of EXPLAINED) expect(text).toMatch(new RegExp(`^## Lemma ${lemma}: `, "m"));
  expect(EXPLAINED.filter(({ lemma, by }) => lemma === 1 && by !== "curve")).toEqual([]);
});

describe("D, PM and S", () => {
  test("ROW-1, ROW-12 (lemma 2): given S and what D absorbs, the ciphertext and PM follow without any condition", () => {
    const rest = given(fold, REST, LANES, PLAIN, S);
    const from = new Determinism(fold, rest);
    const targets = [after(fold, "PM"), ...fold.find(/^words\[0\]\[\d+\]$/)];
    expect(targets).toHaveLength(12);
    expect(targets.filter((wire) => !from.known.has(wire))).toEqual([]);
    expect(from.findCone(...targets).conditions).toEqual([]);
  });

  test("ROW-12 (lemma 2): what the two hashes behind D take in, and S, fix all lanes, the ciphertext and PM, without any condition", () => {
    const from = new Determinism(fold, given(fold, REST, S, HASHED));
    const targets = [after(fold, "PM"), ...fold.find(/^words\[0\]\[\d+\]$/), ...given(fold, LANES)];
    expect(targets.filter((wire) => !from.known.has(wire))).toEqual([]);
    expect(from.findCone(...targets).conditions).toEqual([]);
  });

  test("ROW-12 (lemma 2): D is a function of what it absorbs and of R', without any condition", () => {
    const from = new Determinism(fold, given(fold, REST, S, LANES, PLAIN, COMMITMENT));
    expect(from.known.has(after(fold, "D"))).toBe(true);
    expect(from.findCone(after(fold, "D")).conditions).toEqual([]);
  });

  test("ROW-5 (lemma 1): S follows from R, root and digits; each condition is proved by a constraint, or by R and root being on the curve, none by the door", () => {
    const from = new Determinism(
      fold,
      given(fold, /^words\[0\]\[[01]\]$/, /^sharedRoot\[0\]\[[01]\]$/, /^constants\[\d\]$/),
    );
    const shared = [
      ...fold.find(/^row\[0\]\.shared\./),
      ...ofR(fold, "row\\[0\\]\\."),
      ...fold.find(S),
    ];
    expect(shared.filter((wire) => !from.known.has(wire))).toEqual([]);
    const { conditions } = from.findCone(...shared);
    expect(conditions.length).toBeGreaterThan(250);
    expect(
      whose(
        discharge(fold, conditions, [ofR(fold, "row\\[0\\]\\."), ofRoot(fold, "sharedRoot[0]")]),
      ),
    ).toEqual(["constraint", "curve"]);
  });

  test("CLOSE-3 (lemma 1): the close has no conditions but those of its ladder, none by the door", async () => {
    const close = await compileVariant({
      main: { name: "close", from: "circuits/generated" },
      level: "O1",
    });
    const from = new Determinism(
      close,
      given(
        close,
        /^(g|beta|theta|delta|coordinatorKey\[\d\]|ctx|J|signs|D|PM|acc|commitment|salt|c1|c2|state\[\d+\])$/,
      ),
    );
    expect(
      Array.from({ length: close.wires }, (_, wire) => wire).filter(
        (wire) => !from.known.has(wire),
      ),
    ).toEqual([]);
    const verdicts = discharge(close, from.conditions, [ofR(close, "")]);
    expect(whose(verdicts)).toEqual(["constraint", "curve"]);
    expect(
      verdicts.filter(({ kind }) => !/^(product\.|EdwardsToMontgomery\.out)/.test(kind)),
    ).toEqual([]);
  });
});

describe("the state after a row (lemma 4)", () => {
  /** What stays free beside the inverses in IsZero. */
  const HINTS =
    /^(sharedRoot|pointer|high|row\[0\]\.form\.(pointedWord|offset)|row\[0\]\.shared\.(s8|MontgomeryDouble|MontgomeryOnCurve))/;
  const points = () => [ofR(fold, "row\\[0\\]\\."), ofRoot(fold, "sharedRoot[0]")];

  test("ROW-3 to ROW-10: where the command is well formed all wires follow, and every condition is in the table; the table has no others", () => {
    const wellFormed = inCase(fold, new Map([[fold.wire("wellFormed[0]"), 1n]]));
    const from = new Determinism(wellFormed, [
      ...given(fold, REST, LANES, PLAIN, S, SIGNS),
      fold.wire("wellFormed[0]"),
    ]);
    const unknown = Array.from({ length: fold.wires }, (_, wire) => wire)
      .filter((wire) => !from.known.has(wire) && !from.idle.has(wire))
      .map((wire) => fold.nameWire(wire));
    expect(unknown.filter((name) => !HINTS.test(name))).toEqual([]);
    const verdicts = discharge(wellFormed, from.conditions, points());
    expect(verdicts.filter(({ by }) => by === "nothing")).toEqual([]);
    const kinds = new Set(from.conditions.map(({ wire }) => classify(fold.nameWire(wire))));
    expect(EXPLAINED.filter(({ kind }) => ![...kinds].some((found) => kind.test(found)))).toEqual(
      [],
    );
  });

  test("ROW-3, ROW-11: where it is not, the state follows from the row all the same", () => {
    // `named` is t's lane times wellFormed, and `accepted` is 1 only where `named` is.
    const cases = new Map(
      [
        fold.wire("wellFormed[0]"),
        one(fold, /^row\[0\]\.named$/),
        one(fold, /^row\[0\]\.accepted$/),
      ].map((wire) => [wire, 0n] as const),
    );
    const malformed = inCase(fold, cases);
    const from = new Determinism(malformed, [
      ...given(fold, REST, LANES, PLAIN, S, COMMITMENT),
      ...cases.keys(),
    ]);
    const words = STATE.map((name) => after(fold, name));
    expect(words.filter((wire) => !from.known.has(wire))).toEqual([]);
    expect(from.findCone(...words).conditions).toEqual([]);
  });
});

describe("the inventory bites", () => {
  const judge = async (...edits: Edit[]) => {
    const system = await compileVariant({ main: sharedPoint(127), level: "O1", edits });
    const { conditions } = new Determinism(system, given(system, /^(in\[\d\]|root\[\d\]|c1|c2)$/));
    return discharge(system, conditions, [ofR(system, ""), ofRoot(system, "root")]);
  };

  test("control: the gadget alone has the same verdicts", async () => {
    expect(whose(await judge())).toEqual(["constraint", "curve"]);
  });

  const OTHER_CURVE: Edit = {
    file: "lib/montgomery.circom",
    remove: "signal right <== in.u * (uSquared + MONTGOMERY_A() * in.u + 1);",
    put: "signal right <== in.u * (uSquared + MONTGOMERY_A() * in.u + 2);",
  };
  test.each([
    ["R", WITHOUT_R_ON_CURVE],
    ["the root", WITHOUT_ROOT_ON_CURVE],
    ["either", OTHER_CURVE],
  ])(
    "ROW-5: without the proof that %s is on the curve, what rests on it rests on nothing",
    async (_, edit) => {
      const open = (await judge(edit)).filter(({ by }) => by === "nothing").map(({ kind }) => kind);
      expect(open).toContain("EdwardsToMontgomery.out.v");
      expect(open).toContain("shared.MontgomeryDouble[].slope");
      expect(open).toContain("shared.MontgomeryDoubleAndAdd[].slope");
    },
  );

  test("ROW-5: without the inverse, the two sums P ± S rest on nothing", async () => {
    const verdicts = await judge({
      file: "lib/half_size.circom",
      remove: "inverse * (S.u - P.u) === 1;",
      put: "inverse * (S.u - P.u) === S.u;",
    });
    expect(
      verdicts
        .filter(({ by }) => by === "nothing")
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["shared.MontgomeryAdd.slope", "shared.inverse"]);
  });

  test("ROW-12: a word of a lane that D does not absorb is a condition of PM", async () => {
    const edit = {
      file: "row.circom",
      remove:
        "t, contributionT, contributionTag, contributionCredits, contributionKey[0], contributionKey[1], h,",
      put: "t, contributionT, contributionTag, contributionCredits, contributionKey[0], 0, h,",
    };
    const system = await compileVariant({ main: { name: "fold_one" }, level: "O1", edits: [edit] });
    const from = new Determinism(system, given(system, REST, S, HASHED));
    // h has it too, but multiplied by whether the lane is on.
    expect(
      from.findCone(after(system, "PM")).conditions.map(({ wire }) => system.nameWire(wire)),
    ).toEqual(["contributionKey[0][1]"]);
  });
});
