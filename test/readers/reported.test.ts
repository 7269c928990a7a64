import { readFileSync } from "node:fs";
import fc from "fast-check";
import {
  encodeAbiParameters,
  encodeFunctionResult,
  toHex,
  zeroAddress,
  type EIP1193Provider,
  type Hex,
} from "viem";
import { describe, expect, test } from "vitest";
import { formatCsv } from "../../src/readers/csv_text.ts";
import { dayText, heldText, readLocalTime, zoneName } from "../../frontend/src/format.ts";
import { localTime } from "../../frontend/src/features/organise/wizard/draft.ts";
import { problemKind } from "../../frontend/src/ui/problem.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { connectRead, connectWrite } from "../../src/chain/client.ts";
import { lookUpName } from "../../src/chain/ens.ts";
import { LogRangeError, MissingLogsError, readEvents } from "../../src/chain/logs.ts";
import { AmountFormatError, parseAmount } from "../../src/cli/input/amounts.ts";
import { parseTime } from "../../src/cli/input/options.ts";
import { formatRecipients } from "../../src/chain/result_files.ts";
import { readAllowList } from "../../src/donor/allow_list.ts";
import { parseGateList, parseGroup } from "../../src/donor/group_list.ts";
import { P } from "../../src/params.ts";
import { readAddress } from "../../src/readers/address.ts";
import { readAmount } from "../../src/readers/amount.ts";
import { readAmountColumn } from "../../src/readers/amount_column.ts";
import { CsvError } from "../../src/readers/csv_error.ts";
import { parseTable } from "../../src/readers/table.ts";
import { privateKeyToAccount } from "viem/accounts";

/* What people have reported of wallets, grants and voting software, in this product's terms. Its files are in test/fixtures/real_world. */

/** What the name service's resolver answers. */
const RESOLVE = [
  {
    type: "function",
    name: "resolve",
    inputs: [],
    outputs: [{ type: "bytes" }, { type: "address" }],
    stateMutability: "view",
  },
] as const;

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(fromRoot("test", "fixtures", "real_world", name)));
const tableOf = (name: string) => parseTable(new TextDecoder().decode(bytesOf(name)), name);
const column = (name: string, at: number, decimals: number) =>
  readAmountColumn(
    tableOf(name).lines.map(({ line, fields }) => ({ line, text: fields[at] as string })),
    name,
    { decimals },
  );

describe("amounts", () => {
  test("eight decimals for a token of six are refused where they stand, never taken for more money", () => {
    expect(() => column("eight_decimals.csv", 1, 6)).toThrow(/Line 2 .*50\.72137023/);
    expect(() => parseAmount("233.9463939", 6)).toThrow(AmountFormatError);
    expect(column("eight_decimals.csv", 1, 8)).toEqual([5_072_137_023n, 23_394_639_390n]);
  });

  test("the last place of an amount from a file is never off by one", () => {
    expect(column("eight_places.csv", 2, 8)).toEqual(
      [12_320, 12_319, 7_000_000, 110_000_000, 820_000_000, 29_000_000, 435_000_000, 100_500_000]
        .map(BigInt)
        .concat([2_099_999_997_690_000n, 1n, 115_000_000n, 267_500_000n]),
    );
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 16n), (units) => {
        const digits = units.toString().padStart(9, "0");
        const text = `${digits.slice(0, -8)}.${digits.slice(-8)}`;
        const read = readAmount(text, { decimals: 8, forms: [{ decimal: ".", group: "," }] });
        expect(read).toEqual({ units });
      }),
    );
  });

  test("what an account is said to hold is never more than it holds, so that who types it has it", () => {
    const token = { decimals: 18, symbol: "DAI" };
    expect(heldText(2_438_169_309_543_077_043n, token)).toBe("2.438169 DAI");
    expect(heldText(9_999_999_999_999n, token)).toBe("0.000009 DAI");
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 24n), (held) => {
        const typed = heldText(held, token).split(" ")[0] as string;
        const read = readAmount(typed, { decimals: 18, forms: [{ decimal: ".", group: "," }] });
        expect("units" in read && read.units <= held && held - read.units < 10n ** 12n).toBe(true);
      }),
    );
  });
});

describe("addresses and names", () => {
  const address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

  test.each(["\u200b", "\u200e", "\u2060", "\ufeff", "\u00a0", "\u202c", "\t", "\u3000"])(
    "%j around a pasted address or amount changes neither",
    (unseen) => {
      expect(readAddress(`${unseen}${address}${unseen} `)).toEqual({ address });
      expect(readAmount(`${unseen}12.5${unseen}`, { decimals: 6 })).toEqual({ units: 12_500_000n });
    },
  );

  test("but not within an address, where it stands for a letter that got lost", () => {
    expect(readAddress(`${address.slice(0, 20)}\u200b${address.slice(20)}`)).toEqual({
      problem: "form",
    });
  });

  test("a list that was copied together from chats and sheets is read whole, and its errors show what nobody sees", () => {
    const { entries, blank } = readAllowList(bytesOf("pasted_list.csv"), "list.csv");
    expect(entries.map(({ credits }) => credits)).toEqual([1_200n, 3_000n, 50n]);
    expect({ first: entries[0]?.account, blank }).toEqual({ first: address, blank: 1 });
    expect(() => readAllowList(`account,credits\n${address},"3,000"\n`, "list.csv")).toThrow(
      /^Line 2 of list\.csv: "3,000" may (be|mean) /,
    );
    const broken = `account,credits\n${address.slice(0, 20)}\u202e${address.slice(20)},1\n`;
    expect(() => readAllowList(broken, "list\u202e.csv")).toThrow(
      /^Line 2 of list\\u\{202E\}\.csv: "0x\w+\\u\{202E\}\w+" is not an address/,
    );
    expect(() => readAllowList(broken, "list.csv")).toThrow(CsvError);
  });

  /** A chain with the name service, which answers whoever asks with the same account, and keeps the names that it is asked for. */
  function nameService() {
    const asked: string[] = [];
    const request = async ({ method, params }: { method: string; params?: readonly unknown[] }) => {
      if (method === "eth_chainId") return "0x1";
      const { data } = (params as [{ data: Hex }])[0];
      asked.push(namesIn(data));
      return encodeFunctionResult({
        abi: RESOLVE,
        result: [encodeAbiParameters([{ type: "address" }], [address]), address],
      });
    };
    return { asked, read: connectRead({ request } as unknown as EIP1193Provider) };
  }
  /** The name in DNS form that a question for it holds. */
  function namesIn(data: Hex): string {
    const bytes = Buffer.from(data.slice(2), "hex");
    const end = bytes.indexOf(Buffer.from("\u0003eth\u0000"));
    const labels: string[] = [];
    for (let at = end; at > 0; ) {
      const start = [...Array(64).keys()].find((n) => n > 0 && bytes[at - n - 1] === n);
      if (start === undefined) break;
      labels.unshift(bytes.subarray(at - start, at).toString());
      at -= start + 1;
    }
    return labels.join(".");
  }

  test.each([
    ["Ana.ETH", "ana"],
    ["👨\u200d🎤.eth", "👨\u200d🎤"],
    ["ａｎａ.eth", "ana"],
    ["pay.Ana.eth", "pay.ana"],
  ])("%s is looked up as %s", async (typed, name) => {
    const { read, asked } = nameService();
    expect(readAddress(typed)).toEqual({ problem: "name", name: typed });
    expect(await lookUpName({ read, chainId: 1 }, typed)).toBe(address);
    expect(asked[0]).toBe(name);
  });

  test("a name of mixed alphabets, or with a hidden joiner, is looked up nowhere", async () => {
    const { read, asked } = nameService();
    for (const typed of ["\u0430na.eth", "a\u200dna.eth", "ana\u202e.eth"])
      await expect(lookUpName({ read, chainId: 1 }, typed)).rejects.toThrow(/nobody can have/);
    expect(asked).toEqual([]);
  });
});

describe("files that are given out", () => {
  test("a stranger's name is no formula to a spreadsheet, and comes back as it was", () => {
    const names = [
      '=HYPERLINK("https://a.example","x")',
      "+1+1",
      "-2+3",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      'a "quoted", name',
    ];
    const csv = formatCsv(
      ["name", "amount"],
      names.map((name) => [name, -5n]),
    );
    for (const line of csv.split("\r\n").slice(1, -1)) expect(line).not.toMatch(/^"?[=+\-@\t\r]/);
    const { lines } = parseTable(csv, "results.csv");
    expect(lines.map(({ fields }) => fields[0]?.replace(/^'/, "").trim())).toEqual(
      names.map((name) => name.trim()),
    );
    expect(lines[0]?.fields[1]).toBe("-5"); // a number stays one
  });
});

describe("times", () => {
  test("a moment needs its time zone, and a day that is in no calendar is refused, not moved", () => {
    const seconds = (text: string) => parseTime(text).seconds;
    expect(seconds("2027-01-31T12:00Z")).toBe(Date.UTC(2027, 0, 31, 12) / 1000);
    expect(seconds("2027-01-31T12:00:30+01:00")).toBe(Date.UTC(2027, 0, 31, 11, 0, 30) / 1000);
    expect(seconds("2027-01-31 12:00-0530")).toBe(Date.UTC(2027, 0, 31, 17, 30) / 1000);
    expect(seconds("2027-01-31")).toBe(Date.UTC(2027, 0, 31) / 1000);
    expect(seconds("2028-02-29")).toBe(Date.UTC(2028, 1, 29) / 1000);
    for (const text of ["2027-01-31T12:00", "2027-10-31 02:30"])
      expect(() => parseTime(text), text).toThrow(/Say the time zone: .*Z/);
    for (const text of ["2027-02-29T12:00Z", "2027-02-30", "2027-06-31T00:00+02:00"])
      expect(() => parseTime(text), text).toThrow(/There is no 2027-0/);
    for (const text of ["2027-13-01", "2027-01-31T25:00Z", "2027-01-31 noon", "31.1.2027"])
      expect(() => parseTime(text), text).toThrow(/Not a time/);
  });
});

describe("times on the page", () => {
  /** Runs in a zone that is not this machine's. */
  function inZone<T>(zone: string, run: () => T): T {
    const own = process.env["TZ"];
    process.env["TZ"] = zone;
    try {
      return run();
    } finally {
      if (own === undefined) delete process.env["TZ"];
      else process.env["TZ"] = own;
    }
  }
  const summer = Date.UTC(2027, 6, 1, 12) / 1000;
  const winter = Date.UTC(2027, 11, 1, 12) / 1000;

  test("a zone's distance is that of the times it stands beside, whatever the season in which they are read", () => {
    inZone("Europe/Berlin", () => {
      expect(zoneName(summer, summer + 60)).toBe("Europe/Berlin, UTC+2");
      expect(zoneName(winter)).toBe("Europe/Berlin, UTC+1");
      expect(zoneName(summer, winter)).toBe("Europe/Berlin, UTC+2 → UTC+1");
    });
    inZone("America/St_Johns", () =>
      expect(zoneName(BigInt(summer), BigInt(winter))).toBe(
        "America/St Johns, UTC−2:30 → UTC−3:30",
      ),
    );
    inZone("UTC", () => expect(zoneName(summer, winter)).toBe("UTC"));
    // Rounds have times that no calendar has.
    inZone("Asia/Tokyo", () => expect(zoneName(2n ** 64n)).toBe("Asia/Tokyo, UTC+9"));
  });

  test.each(["America/Los_Angeles", "Asia/Tokyo", "UTC"])(
    "a day in a document is the same day in %s",
    (zone) => {
      inZone(zone, () => expect(dayText("2027-01-31")).toMatch(/Jan\u00a031,\u00a02027/));
    },
  );

  test("an hour that clocks skip is no time, and is not moved; one that comes twice is its first", () => {
    inZone("America/New_York", () => {
      expect(readLocalTime("2027-03-14T02:30")).toBeNaN();
      expect(readLocalTime("2027-03-14T03:00")).toBe(Date.UTC(2027, 2, 14, 7) / 1000);
      expect(readLocalTime("2027-11-07T01:30")).toBe(Date.UTC(2027, 10, 7, 5, 30) / 1000);
      expect(readLocalTime("2027-07-01T12:00:30")).toBe(Date.UTC(2027, 6, 1, 16, 0, 30) / 1000);
    });
    inZone("Africa/Cairo", () => expect(readLocalTime("2027-04-30T00:30")).toBeNaN());
    for (const none of ["", "2027-02-30T12:00", "x", "275760-09-13T00:00"])
      expect(readLocalTime(none), none).toBeNaN();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 253_402_000_000 }),
        fc.constantFrom("Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"),
        (seconds, zone) => {
          const minute = seconds - (seconds % 60);
          inZone(zone, () => {
            const text = localTime(minute);
            const read = readLocalTime(text);
            // Twice a year the same text stands for two times.
            expect(localTime(read)).toBe(text);
            expect(minute - read === 0 || minute - read === 3600 || minute - read === 1800).toBe(
              true,
            );
          });
        },
      ),
    );
  });
});

describe("lists and results", () => {
  const [a, b] = [
    "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
  ].map((digits) => `0x${digits}`) as [string, string];

  test("a list without a header loses nobody: it is refused, not read from its second line on", () => {
    const list = `${a}\n${b}\n`;
    for (const read of [readAllowList, parseGateList, parseGroup])
      expect(() => read(list, "list.csv")).toThrow(/^Line 1 of list\.csv: no column is called/);
  });

  test("where a header lacks a comma no number moves to another column", () => {
    const header = "account,credits,noteof,date";
    for (const row of [`${a},5,,2027-01-01,x`, `${a},5,x`])
      expect(() => readAllowList(`${header}\n${row}\n`, "list.csv")).toThrow(
        /^Line 2 of list\.csv: \d fields where the header has 4/,
      );
  });

  test("an account with its chain before it, as wallets with several owners copy it, is refused with the reason", () => {
    for (const prefix of ["eth:", "arb1:", "eip155:1:"]) {
      expect(readAddress(`${prefix}${a}`)).toEqual({ problem: "prefix" });
      expect(() => readAllowList(`account,credits\n${prefix}${a},5\n`, "list.csv")).toThrow(
        /^Line 2 of list\.csv: .*leave out what stands before 0x/,
      );
    }
  });

  test("0, and a commitment that comes twice, are nobody in a group", () => {
    for (const none of ["0", "0x0", String(P), String(P + 1n), "-1", "1e3"])
      expect(() => parseGroup(`commitment\n${none}\n`, "group.csv")).toThrow(/^Line 2/);
    expect(() => parseGroup("commitment\n7\n0x07\n", "group.csv")).toThrow(/^Line 3/);
  });

  test("a name whose record is 0 stands for nobody", async () => {
    const request = async ({ method }: { method: string }) =>
      method === "eth_chainId"
        ? "0x1"
        : encodeFunctionResult({
            abi: RESOLVE,
            result: [encodeAbiParameters([{ type: "address" }], [zeroAddress]), a as Hex],
          });
    const read = connectRead({ request } as unknown as EIP1193Provider);
    await expect(lookUpName({ read, chainId: 1 }, "ana.eth")).rejects.toThrow(/ana\.eth/);
  });

  test("a result's files have every unit of each amount, and no exponents", () => {
    const round = { settings: { unit: 1n }, token: { decimals: 18 }, poolToken: { decimals: 6 } };
    const entries = [516_800_000_000_000n, 1n, 2n * 10n ** 21n, 10n ** 40n].map(
      (credits, project) => ({ project, votes: 1n, credits, eligible: true }),
    );
    const csv = formatRecipients(round, {
      ...{ entries, events: [], nameOf: (project) => `p${project}` },
      recipientOf: () => undefined,
    });
    expect(parseTable(csv, "r.csv").lines.map(({ fields }) => fields[6])).toEqual([
      "0.0005168",
      "0.000000000000000001",
      "2000",
      `1${"0".repeat(22)}`,
    ]);
  });
});

describe("nodes", () => {
  const ROUND = `0x${"11".repeat(20)}` as const;

  test.each([
    [-32602, "range 1000000 exceeds limit of 10"],
    [-32005, "query returned more than 10000 results"],
    [-32000, "exceed maximum block range: 10"],
    [35, "ranges over 10 blocks are not supported on the free tier"],
  ])(
    "a limit of logs in a node's own code and words (%i, %s) is kept to",
    async (code, message) => {
      let refused = 0;
      const request = async ({
        method,
        params,
      }: {
        method: string;
        params?: readonly unknown[];
      }) => {
        if (method === "eth_chainId") return "0x1";
        const [{ fromBlock, toBlock }] = params as [{ fromBlock: Hex; toBlock: Hex }];
        if (Number(toBlock) - Number(fromBlock) >= 10) {
          refused += 1;
          throw Object.assign(new Error(message), { code });
        }
        return [];
      };
      const client = connectRead({ request } as unknown as EIP1193Provider);
      expect(await readEvents(client, ROUND, { from: 0n, to: 99n })).toEqual([]);
      expect(refused).toBeGreaterThan(0);
    },
  );

  test("a node that leaves logs out is named on the page as what it is", () => {
    const cause = new MissingLogsError("1 of 2 contributions and messages");
    expect(problemKind(new Error("reading failed", { cause }))).toBe("logs");
    expect(problemKind(new LogRangeError(7n, undefined))).toBe("logs");
  });

  test.each([["31337"], [31_337], ["0x07a69"], [toHex(31_337)]])(
    "a wallet's chain given as %j is the chain that it is",
    async (answer) => {
      const request = async ({ method }: { method: string }) => {
        if (method === "eth_chainId") return answer;
        throw new Error(method);
      };
      const account = privateKeyToAccount(`0x${"01".repeat(32)}`);
      const provider = { request } as unknown as EIP1193Provider;
      expect((await connectWrite(provider, account, 31_337)).chainId).toBe(31_337);
      await expect(connectWrite(provider, account, 1)).rejects.toThrow(/chain 31337, not chain 1/);
    },
  );
});
