import { describe, expect, test } from "vitest";
import { decodeText, FileEncodingError } from "../../src/readers/bytes.ts";
import { CsvError } from "../../src/readers/csv_error.ts";
import { parseTable } from "../../src/readers/table.ts";

const utf16 = (text: string, { big, marked }: { big: boolean; marked: boolean }) => {
  const units = Buffer.from(`${marked ? "\uFEFF" : ""}${text}`, "utf16le");
  return new Uint8Array(big ? units.swap16() : units);
};
const utf8 = (text: string) => new TextEncoder().encode(text);

describe("the encoding of a file", () => {
  const text = "donor,project,amount\nZoë,Birds,3\nAna,Bäume,4\n";
  test.each([
    ["UTF-16, little end first, with its mark", utf16(text, { big: false, marked: true })],
    ["UTF-16, little end first", utf16(text, { big: false, marked: false })],
    ["UTF-16, big end first, with its mark", utf16(text, { big: true, marked: true })],
    ["UTF-16, big end first", utf16(text, { big: true, marked: false })],
    ["UTF-8", utf8(text)],
  ])("%s is recognised", (_, bytes) => {
    expect(decodeText(bytes, "gifts.csv").replace("\uFEFF", "")).toBe(text);
  });

  test.each([
    ["zeros here and there", utf8("donor,project\0,amount\n\0")],
    ["nothing but zeros", new Uint8Array(64)],
    ["an archive", Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0, 0)],
    ["bytes that are no UTF-8", Uint8Array.of(0x5a, 0x6f, 0xeb, 0x2c)],
    ["half a character", Uint8Array.of(0x5a, 0xc3)],
  ])("%s is refused", (_, bytes) => {
    expect(() => decodeText(bytes, "gifts.csv")).toThrow(FileEncodingError);
  });
});

describe("the delimiter of a table", () => {
  const fields = (text: string) => parseTable(text, "gifts.csv").lines.map((line) => line.fields);
  test.each([
    ["the only one in the header", "donor;amount\nZoë, of the hill;3", [["Zoë, of the hill", "3"]]],
    [
      "of two in the header, the one that gives each line as many fields",
      "donor;project, in full;amount\nZoë;Birds;3\nAna;Trees, old;4",
      [
        ["Zoë", "Birds", "3"],
        ["Ana", "Trees, old", "4"],
      ],
    ],
    [
      "tabs, where quotes within a cell are as a spreadsheet's clipboard has them",
      'donor\tproject\tamount\nZoë\tThe "Birds" of\t3\nAna\t"Trees" old\t4\nBen\t"one\nand ""two"""\t5',
      [
        ["Zoë", 'The "Birds" of', "3"],
        ["Ana", '"Trees" old', "4"],
        ["Ben", 'one\nand "two"', "5"],
      ],
    ],
    ["not one in quotes", '"donor;name",amount\n"Zoë;Ana",3', [["Zoë;Ana", "3"]]],
  ])("%s", (_, text, expected) => {
    expect(fields(text)).toEqual(expected);
  });

  test("a quote that stands within a field without quotes is told as such", () => {
    const read = () => fields('donor,amount\nThe "Birds" of,3');
    expect(read).toThrow(CsvError);
    expect(read).toThrow(expect.objectContaining({ line: 2, problem: { code: "quotes" } }));
  });

  test("is asked for where two would do, or none", () => {
    expect(() => fields("donor;a,b\nZoë;c,d")).toThrow(/semicolon.* or |comma.* or /i);
    expect(() => fields("donor;a,b\nZoë;c,d;e,f")).toThrow(/may be separated by/);
  });
});
