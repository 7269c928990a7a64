import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalMarkIn, explainAmount, numberForm, readAmount } from "../../src/readers/amount.ts";
import { readRatio } from "../../src/readers/ratio.ts";
import { roundTogether, roundUnits, showUnits } from "../../src/readers/show.ts";

const SIX = { decimals: 6 };

describe("an amount", () => {
  test.each([
    ["2,5", 2_500_000n],
    ["0,05", 50_000n],
    ["2.500,00", 2_500_000_000n],
    ["2,500.00", 2_500_000_000n],
    [".5", 500_000n],
    [",5", 500_000n],
    ["5.", 5_000_000n],
    ["1e-6", 1n],
    ["2.5E3", 2_500_000_000n],
    ["+7", 7_000_000n],
    ["１２．５", 12_500_000n],
    ["１２，３４５，６７８", 12_345_678_000_000n],
    ["٣٬١٤٢٫٥", 3_142_500_000n],
    ["१,२३,४५६.५", 123_456_500_000n],
    ["1 234 567,89", 1_234_567_890_000n],
    ["1\u202f234,5", 1_234_500_000n],
    ["1’234.50", 1_234_500_000n],
    ["12,34,567.5", 1_234_567_500_000n],
    ["1.234.567", 1_234_567_000_000n],
    ["1234,567", 1_234_567_000n],
    ["0,125", 125_000n],
    ["1,2345", 1_234_500n],
    ["1.50000000", 1_500_000n],
    ["\u200e12\u200f", 12_000_000n],
    ["00012", 12_000_000n],
  ])("%s", (text, units) => {
    expect(readAmount(text, SIX)).toEqual({ units });
  });

  test.each([
    ["1,234", "ambiguous"],
    ["1.234", "ambiguous"],
    ["12,345", "ambiguous"],
    ["1.2345678", "decimals"],
    ["1e-7", "decimals"],
    ["-5", "negative"],
    ["−5", "negative"],
    ["", "empty"],
    ["  ", "empty"],
    ["five", "number"],
    ["$5", "number"],
    ["5 DAI", "number"],
    ["0x10", "number"],
    ["1,2,3.4", "number"],
    ["1.2.3,4", "number"],
    ["1.23,456", "number"],
    ["1,234.567.8", "number"],
    ["12 34", "number"],
    ["1-2", "number"],
    ["NaN", "number"],
    ["Infinity", "number"],
    ["1e999", "number"],
    [".", "number"],
    ["1e39", "large"],
  ])("%s is refused: %s", (text, problem) => {
    expect(readAmount(text, SIX)).toMatchObject({ problem });
  });

  test("what may mean two amounts is read as all who may have written it would, and offered in both readings else", () => {
    const forms = (...locales: string[]) => ({ ...SIX, forms: locales.map(numberForm) });
    expect(readAmount("1,234", forms("en"))).toEqual({ units: 1_234_000_000n });
    expect(readAmount("1,234", forms("de"))).toEqual({ units: 1_234_000n });
    expect(readAmount("1,234", forms("en", "de"))).toEqual({
      problem: "ambiguous",
      readings: ["1.234", "1234"],
    });
    expect(readAmount("1.234", forms("fr"))).toMatchObject({ problem: "ambiguous" }); // groups by blanks: the dot is neither of its marks
    expect(readAmount("1,234", forms("de-CH"))).toMatchObject({ problem: "ambiguous" });
    expect(explainAmount({ problem: "ambiguous", readings: ["1.234", "1234"] }, 6)).toEqual({
      why: "may mean 1.234 or 1234",
      fix: "Write 1.2340 or 1234.",
    });
  });

  test("the mark that a text shows", () => {
    expect(["2,5", "1.234,5", "1.234.567"].map(decimalMarkIn)).toEqual([",", ",", ","]);
    expect(["2.5", "1,234.5", "1,234,567"].map(decimalMarkIn)).toEqual([".", ".", "."]);
    expect(["25", "1,234", "1.234", "x"].map(decimalMarkIn)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

/** Every language, with every region, that this engine writes numbers for in a way of its own; and every set of ten digits. */
function allForms(): readonly string[] {
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const two = letters.flatMap((a) => letters.map((b) => a + b));
  const languages = [...two, ...two.flatMap((ab) => letters.map((c) => ab + c))].filter(
    (language) => Intl.NumberFormat.supportedLocalesOf(language).length > 0,
  );
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const regions = two
    .map((name) => name.toUpperCase())
    .filter((name) => names.of(name) !== undefined);
  const found = new Map<string, string>();
  for (const language of languages)
    for (const locale of [language, ...regions.map((region) => `${language}-${region}`)]) {
      // Two numbers tell all of a form that matters here, and are quicker to write than to take apart.
      const format = new Intl.NumberFormat(locale);
      const form = format.format(1_234_567.5) + format.format(1234) + format.format(890);
      if (!found.has(form)) found.set(form, locale);
    }
  const digits = Intl.supportedValuesOf("numberingSystem").map((name) => `en-u-nu-${name}`);
  return [...found.values(), ...digits];
}

describe("every locale of this engine", () => {
  const locales = allForms();

  test("its way to write an amount is read back exactly, whatever the amount", () => {
    expect(locales.length).toBeGreaterThan(80);
    fc.assert(
      fc.property(fc.constantFrom(...locales), fc.bigInt(0n, 10n ** 24n), (locale, units) => {
        const digits = units.toString().padStart(19, "0");
        const plain = `${digits.slice(0, -18)}.${digits.slice(-18)}`;
        const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 18 });
        const text = format
          .formatToParts(plain as `${number}`)
          .map(({ value }) => value)
          .join("");
        expect(readAmount(text, { decimals: 18, forms: [numberForm(locale)] })).toEqual({ units });
      }),
      { numRuns: 3_000 },
    );
  });

  test("what it writes is never another amount to a reader who does not know the locale", () => {
    fc.assert(
      fc.property(fc.constantFrom(...locales), fc.bigInt(0n, 10n ** 9n), (locale, thousandths) => {
        const units = thousandths * 1000n;
        const digits = thousandths.toString().padStart(4, "0");
        const plain = `${digits.slice(0, -3)}.${digits.slice(-3)}`;
        const text = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(
          plain as `${number}`,
        );
        const reading = readAmount(text, SIX);
        if (!("problem" in reading)) expect(reading).toEqual({ units });
        else expect(["ambiguous", "number"]).toContain(reading.problem);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("amounts shown", () => {
  test("half up, with as many places as asked for", () => {
    expect(showUnits(1_164_835n, 3, 2)).toBe("1,164.84");
    expect(showUnits(1_500_000n, 6, 2)).toBe("1.50");
    expect(showUnits(1_500_000n, 6)).toBe("1.5");
    expect(showUnits(-1_500_000n, 6)).toBe("-1.5");
    expect(showUnits(12_345n, 0, 2)).toBe("12,345");
  });

  test("parts add up to their sum as it is shown, each within one last place of itself", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 10n ** 22n), { maxLength: 40 }), (parts) => {
        const shown = roundTogether(parts, 18, 2);
        const sum = (all: readonly bigint[]) => all.reduce((total, part) => total + part, 0n);
        expect(sum(shown)).toBe(roundUnits(sum(parts), 18, 2));
        for (const [i, part] of parts.entries()) {
          const off = (shown[i] as bigint) - part;
          expect(off < 10n ** 16n && off > -(10n ** 16n)).toBe(true);
        }
      }),
    );
    expect(roundTogether([333n, 333n, 334n], 3, 0)).toEqual([0n, 0n, 1000n]);
  });
});

test("REVIEW-1 a ratio is read as amounts are, in thousandths below 2^32", () => {
  for (const [text, milli] of [
    ["0", 0],
    ["1.25", 1_250],
    ["1,5", 1_500],
    ["１．２", 1_200],
    ["1.2500", 1_250],
    ["4294967.295", 4_294_967_295],
  ] as const)
    expect(readRatio(text), text).toEqual({ milli });
  for (const [text, problem] of [
    ["", "empty"],
    ["x", "number"],
    ["-1", "negative"],
    ["1.234", "ambiguous"],
    ["1.2345", "decimals"],
    ["4294967.296", "large"],
  ] as const)
    expect(readRatio(text), text).toMatchObject({ problem });
});
