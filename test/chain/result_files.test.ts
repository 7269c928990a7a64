import { expect, test } from "vitest";
import type { RoundEvent } from "../../src/chain/logs.ts";
import { formatTransactions } from "../../src/chain/result_files.ts";
import { parseTable } from "../../src/readers/table.ts";

const [ANA, BEN] = [
  "0x00000000000000000000000000000000000000A1",
  "0x00000000000000000000000000000000000000b2",
];
const event = (eventName: RoundEvent["eventName"], args: object) =>
  ({ eventName, args, blockNumber: 7n, transactionHash: "0x12" }) as unknown as RoundEvent;

test("whoever pays or is paid in the round's tokens has a line, each payee of a match paid apart too", () => {
  const paid = { project: 1n, recipient: ANA, given: 30n, shared: 2n, matched: 400n };
  const csv = formatTransactions(
    { settings: { unit: 10n }, token: { decimals: 1 }, poolToken: { decimals: 2 } },
    {
      nameOf: () => "Peat",
      events: [
        event("Contributed", { tag: 5n, payer: ANA, credits: 3n }),
        event("ToppedUp", { tag: 5n, credits: 4n }),
        event("Funded", { sponsor: BEN, amount: 500n }),
        event("Claimed", { ...paid, matchRecipient: ANA }),
        event("Claimed", { ...paid, matchRecipient: BEN }),
        event("FeePaid", { to: BEN, amount: 20n }),
        event("RemainderPaid", { to: BEN, amount: 8n, poolAmount: 30n }),
        event("Refunded", { tag: 5n, payer: ANA, amount: 40n }),
        event("SponsorRefunded", { sponsor: BEN, amount: 500n }),
      ],
    },
  );
  expect(parseTable(csv, "transactions.csv").lines.map(({ fields }) => fields.slice(2))).toEqual([
    ["Contributed", ANA, "", "3", ""],
    ["ToppedUp", "", "", "1", ""],
    ["Funded", BEN, "", "", "5"],
    ["Claimed", ANA, "Peat", "3.2", "4"],
    ["Claimed", ANA, "Peat", "3.2", ""],
    ["Claimed", BEN, "Peat", "", "4"],
    ["FeePaid", BEN, "", "", "0.2"],
    ["RemainderPaid", BEN, "", "0.8", "0.3"],
    ["Refunded", ANA, "", "4", ""],
    ["SponsorRefunded", BEN, "", "", "5"],
  ]);
});
