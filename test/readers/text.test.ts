import { describe, expect, test } from "vitest";
import { readAddress } from "../../src/readers/address.ts";
import {
  cutText,
  hiddenIn,
  mixedScripts,
  nearTwins,
  plainName,
  plainText,
  visibleText,
} from "../../src/readers/text.ts";

describe("a stranger's text", () => {
  test.each([
    ["\u202egnp.elif", "\\u{202E}gnp.elif"],
    ["\u001b[2Jgone", "\\u{1B}[2Jgone"],
    ["two\nlines\ttab", "two\\u{A}lines\\u{9}tab"],
    ["pay\u200bpal", "pay\\u{200B}pal"],
    ["a\u200db", "a\\u{200D}b"],
    ["\u2066in\u2069", "\\u{2066}in\\u{2069}"],
    ["lone\ud800", "lone\\u{D800}"],
    ["\u3164", "\\u{3164}"],
    ["می\u200cخواهم", "می\u200cخواهم"],
    ["👩\u200d🌾 farm", "👩\u200d🌾 farm"],
    ["👩🏽\u200d🌾", "👩🏽\u200d🌾"],
    ["क्\u200dष", "क्\u200dष"],
    ["می\u0651\u200cخواهم", "می\u0651\u200cخواهم"],
    ["葛\u{e0100}城", "葛\u{e0100}城"],
    ["a\u{e0100}", "a\\u{E0100}"],
    ["e\u0301\u200dx", "e\u0301\\u{200D}x"],
    ["no\u2800blank", "no\\u{2800}blank"],
    ["ສ\u200dx", "ສ\\u{200D}x"],
    ["Ünïcode ספרייה 日本", "Ünïcode ספרייה 日本"],
  ])("%j is shown as %j", (text, shown) => {
    expect(visibleText(text)).toBe(shown);
    expect(hiddenIn(text).length > 0).toBe(text !== shown);
  });

  test.each([
    ["\u202egnp.elif", "gnp.elif"],
    ["pay\u200bpal", "paypal"],
    ["two\n \u2800\u3164lines\u00a0", "two lines"],
    ["e\u0301t\u200de\u0301", "été"],
    ["می\u200cخواهم", "می\u200cخواهم"],
    ["👩\u200d🌾 farm", "👩\u200d🌾 farm"],
    ["葛\u{e0100}城", "葛\u{e0100}城"],
    ["pay\u{e0100}pal", "paypal"],
    ["lone\ud800", "lone"],
  ])("%j is told on a page as %j", (text, shown) => {
    expect(plainText(text, 40)).toBe(shown);
    expect(hiddenIn(plainText(text, 40))).toEqual([]);
  });

  test("a text is cut for a page between letters, and says so", () => {
    expect(plainText("👩‍🌾👩‍🌾👩‍🌾", 2)).toBe("👩‍🌾…");
    expect(plainText("abcd", 4)).toBe("abcd");
    expect(plainText("\u200b".repeat(20_000) + "a", 8_000)).toBe("a");
  });

  test("what is passed over unread because it has nothing to find is told as if it had been read", () => {
    // A mark behind it has the whole text read; the mark itself joins the dot and changes nothing before it.
    const read = (text: string) => plainText(`${text}.\u0323`, 40).slice(0, -2);
    const texts = Array.from({ length: 0xffe0 }, (_, i) => `x${String.fromCharCode(i + 32)}x`);
    expect(texts.filter((text) => plainText(text, 40) !== read(text))).toEqual([]);
    const long = "Ākōrero 日本語、テスト — “done” ".repeat(40);
    for (const most of [1, 2, 7, 20, 200])
      expect(plainText(long, most)).toBe(plainText(`${long}\u200b`, most));
  });

  test("is cut between letters, and piles of marks are flattened", () => {
    expect(cutText("abcdef", 4)).toBe("abc…");
    expect(cutText("abcd", 4)).toBe("abcd");
    expect(cutText("👩‍🌾👩‍🌾👩‍🌾", 2)).toBe("👩‍🌾…");
    expect(cutText(`z${"\u0301".repeat(500)}`, 5).length).toBeLessThan(6);
  });

  test("names are one in every Unicode form and with any blanks", () => {
    expect(plainName(" Cafe\u0301 \u00a0 Noir\t")).toBe("Caf\u00e9 Noir");
  });

  test("near twins: case, blanks, marks, hidden and foreign letters that look the same", () => {
    const twins = (...names: string[]) => nearTwins(names).length === 1;
    expect(twins("Birds", "birds")).toBe(true);
    expect(twins("Bird atlas", "Birdatlas")).toBe(true);
    expect(twins("Café", "Cafe")).toBe(true);
    expect(twins("Seed-Bank", "Seed Bank")).toBe(true);
    expect(twins("paypal", "p\u0430ypal")).toBe(true);
    expect(twins("Paul", "PauI")).toBe(true);
    expect(twins("Ｂｉｒｄｓ", "Birds")).toBe(true);
    expect(twins("Birds", "Bi\u3164rds\u2800")).toBe(true);
    expect(twins("Birds", "Trees")).toBe(false);
    expect(twins("鳥", "木")).toBe(false);
    expect(mixedScripts("p\u0430ypal")).toEqual(["Latin", "Cyrillic"]);
    expect(mixedScripts("\u0555pen")).toEqual(["Latin", "Armenian"]);
    expect(mixedScripts("\u13aaood")).toEqual(["Latin", "Cherokee"]);
    expect(mixedScripts("Москва Moscow")).toBeUndefined();
  });
});

describe("an address", () => {
  const good = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
  test.each([good, good.toLowerCase(), `0x${good.slice(2).toUpperCase()}`, ` ${good} `])(
    "%s",
    (text) => {
      expect(readAddress(text)).toEqual({ address: good });
    },
  );

  test.each([
    ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "checksum"],
    ["0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "checksum"],
    [good.slice(0, -1), "form"],
    [`${good}0`, "form"],
    [good.slice(2), "form"],
    [`0X${good.slice(2)}`, "form"],
    ["", "empty"],
    [`eth:${good}`, "prefix"],
    [`eip155:1:${good}`, "prefix"],
    [`ethereum:${good}`, "prefix"],
    ["ana.eth", "name"],
    ["pay.ana.eth", "name"],
    ["https://ana.eth", "form"],
    ["nonsense", "form"],
  ])("%s is none: %s", (text, problem) => {
    expect(readAddress(text)).toMatchObject({ problem });
  });
});
