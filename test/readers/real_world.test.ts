import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDonations, type DonationOptions } from "../../src/cli/input/donations.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { decodeText } from "../../src/readers/bytes.ts";
import { showUnits } from "../../src/readers/show.ts";
import { parseTable, type TableOptions } from "../../src/readers/table.ts";

type Options = Partial<DonationOptions> & TableOptions & { readonly encoding?: string };

function read(file: string, { encoding, ...options }: Options = {}) {
  const bytes = readFileSync(fromRoot("test", "fixtures", "real_world", file));
  const table = parseTable(decodeText(bytes, file, encoding), file, options);
  const { projects, donations, told } = parseDonations(table, { decimals: 18, ...options });
  const lines = donations.map(
    ({ donor, project, amount }) => `${donor} ${projects[project]} ${showUnits(amount, 18)}`,
  );
  return { lines, told };
}

const german = { map: { donor: "Spender", project: "Projekt", amount: "Betrag" } };
const [ANA, CEM] = [
  "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
  "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
];

describe("files as people have them", () => {
  test.each<[string, Options, string[]]>([
    ["semicolons_german.csv", german, ["Änne Vögel 1,234.5", "Jörg Bäume 2.5", "Jörg Vögel 1,000"]],
    [
      "semicolons_windows_1252.csv",
      { encoding: "windows-1252" },
      ["Änne Vögel 2.5", "Jörg Bäume 0.05"],
    ],
    ["swiss.csv", {}, ["Urs Vögel 1,234.5", "Reto Vögel 12,000"]],
    ["indian.tsv", {}, ["Asha River 1,234,567.5", "Ravi River 100,000"]],
    ["japanese.csv", {}, ["田中 鳥 12.5", "佐藤 鳥 1,000"]],
    ["utf16_tabs.txt", {}, ["Zoë Birds 3", "Ana Birds 4"]],
    ["arabic.csv", {}, ["ليلى طيور 1,234.5", "سارة طيور 2.5"]],
    ["hash_names.csv", {}, ["#1 fan Birds 80", "# early bird Birds 12", "ben #trees 28"]],
    ["hash_names.csv", { comments: "# " }, ["#1 fan Birds 80", "ben #trees 28"]],
    ["spreadsheet.csv", {}, ["ana Birds 10", "ben Trees; old 5"]],
    ["mixed_line_ends.csv", {}, ["ana Birds 1", "ben Birds 2", "cem Birds 4"]],
    ["quotes.csv", {}, ['ana The "Birds" 1', "ben Trees, old 2"]],
    [
      "votes_export.csv",
      { map: { amount: "amountUSD" } },
      [`${ANA} 0xa1 1,500.25`, `${CEM} 0xa1 25`, `${ANA} 0xb2 3.5`],
    ],
    [
      "votes_export.csv",
      { map: { amount: "amountUSD", project: "grantAddress" } },
      [
        `${ANA} 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 1,500.25`,
        `${CEM} 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 25`,
        `${ANA} ${CEM} 3.5`,
      ],
    ],
    [
      "donations_export.csv",
      { map: { amount: "amount_usd" } },
      ["Donor 1 River watch 0.120357", "Donor 1 Seed bank 0.120357", "Donor 2 River watch 812.5"],
    ],
    ["same_name.csv", { map: { project: "projectId" } }, ["ana 12 10", "ben 31 90"]],
    ["ambiguous.csv", { decimalMark: "." }, ["ana Birds 1,234", "ben Birds 2"]],
    ["ambiguous.csv", { decimalMark: "," }, ["ana Birds 1.234", "ben Birds 2"]],
    ["wei.csv", { amountDecimals: 18 }, ["ana Birds 1.5"]],
    ["exponents.csv", {}, ["ana Birds 0.0000001", "ben Birds 2,500", "cem Birds 0.5"]],
  ])("%s %o", (file, options, lines) => {
    expect(read(file, options).lines).toEqual(lines);
  });

  test.each<[string, Options, string]>([
    ["semicolons_german.csv", {}, 'no column is called "donor"'],
    ["semicolons_windows_1252.csv", {}, "is not in UTF-8: line 2 has a letter in another encoding"],
    ["votes_export.csv", {}, 'the columns "amount" and "amountUSD" may both be the amount'],
    [
      "votes_export.csv",
      { map: { amount: "amount" } },
      "Line 3 of votes_export.csv: its amount is in",
    ],
    ["donations_export.csv", {}, 'the columns "amount" and "amountUSD" may both be the amount'],
    [
      "donations_export.csv",
      { map: { amount: "amount" } },
      'Line 4 of donations_export.csv: its amount is in "ETH", and that of line 2 in "OP"',
    ],
    ["donations_export.csv", { map: { amount: "usd" } }, 'no column is called "usd"'],
    [
      "same_name.csv",
      {},
      'Line 3 of same_name.csv: project "Library" has the number 31 here and 12 in line 2',
    ],
    ["empty_project.csv", {}, "Line 3 of empty_project.csv: the project is missing"],
    [
      "ambiguous.csv",
      {},
      'Line 2 of ambiguous.csv: "1,234" may mean 1.234 or 1234, and nothing in its column tells',
    ],
    [
      "contradicting.csv",
      {},
      'Line 4 of contradicting.csv: "1.500" may mean 1.500 or 1500, and line 3 has a decimal dot and line 2 a decimal comma',
    ],
    ["wei.csv", {}, "may be in a token's smallest units"],
    ["bad_checksum.csv", {}, "Line 2 of bad_checksum.csv: the checksum of 0x5aAeb"],
    ["same_id.csv", {}, "Line 4 of same_id.csv: its id 7 is that of line 2"],
    ["two_delimiters.csv", {}, "may be separated by commas or semicolons"],
    ["workbook.csv", {}, "is a spreadsheet program's own file"],
    ["hash_names.csv", { map: { donor: "giver" } }, 'no column is called "giver"'],
  ])("%s %o is refused", (file, options, message) => {
    expect(() => read(file, options)).toThrow(message);
  });

  test("what was read, joined and left out is told, with the sum", () => {
    expect(read("votes_export.csv", { map: { amount: "amountUSD" } }).told).toEqual([
      'Read votes_export.csv: donor from "voter", project from "projectId", amount from "amountUSD".',
      "4 lines read, 1 of amount 0 left out. The amounts come to 1,528.75.",
    ]);
    expect(read("spreadsheet.csv").told[1]).toBe("2 lines read, 2 empty. The amounts come to 15.");
    expect(read("hash_names.csv", { comments: "# " }).told[1]).toBe(
      "2 lines read, 1 comment. The amounts come to 108.",
    );
  });

  test("one name in two Unicode forms is one project; names that look alike are told", () => {
    const { lines, told } = read("twins.csv");
    expect(lines[0]).toBe("ana Café Noir 15");
    expect(told.slice(2)).toEqual([
      'Look again: "Café Noir" and "cafe noir" and "Сafé Noir" and "Café\\u{200B} Noir" are different projects here.',
    ]);
  });
});
