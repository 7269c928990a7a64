import { Command } from "commander";
import { keccak256, stringToHex, type Address } from "viem";
import { showVoucher, voucherTypedData, type Voucher } from "../../gates/voucher.ts";
import { writeNewFile } from "../input/key_file.ts";
import {
  examples,
  parseAddress,
  parseCount,
  parseInteger,
  parseTime,
  withOptions,
  type SharedValues,
  type Time,
} from "../input/options.ts";
import { loadAccount } from "../input/secrets.ts";
import type { Io } from "../output/io.ts";
import { answer, time } from "../output/output.ts";

type Values = SharedValues & {
  readonly chain: number;
  readonly checker: Address;
  readonly tag: bigint;
  readonly credits: bigint;
  readonly person: string;
  readonly notAfter: Time;
  readonly out: string;
};

export function voucherCommand(io: Io): Command {
  const issue = new Command("issue")
    .description("sign a voucher that admits one person with one tag to one round; offline")
    .requiredOption("--round <address>", "the round", parseAddress)
    .requiredOption("--chain <id>", "the chain on which the round is", parseCount)
    .requiredOption(
      "--checker <address>",
      "the checker of vouchers in the round's gate: see `tacit gate show`",
      parseAddress,
    )
    .requiredOption(
      "--tag <tag>",
      "what the person's `tacit publish`, or the page, told once the ballot was on the chain",
      parseInteger,
    )
    .requiredOption(
      "--person <text>",
      "who it is, always in the same words: a member's number, for example. Only its hash under your key becomes public",
    )
    .requiredOption("--credits <n>", "the most credits that the person may have", parseInteger)
    .requiredOption(
      "--not-after <time>",
      "until when it holds: +14d, 2027-01-31T12:00Z, or seconds since 1970",
      parseTime,
    )
    .requiredOption("--out <file>", "write the voucher here; send it to the person")
    .addHelpText(
      "after",
      `
Only after the person's ballot is on the chain may you know the tag: from then on the key behind it is dead, and you cannot buy its vote.
Never ask for a key file, and never make one for anybody.
${examples("tacit voucher issue --round 0x... --chain 10 --checker 0x... --tag 123 --person 4711 --credits 100 --not-after +14d --account-key issuer.key --out voucher.json")}`,
    )
    .action(async (values: Values) => issueVoucher(io, values));
  return new Command("voucher")
    .description("issue vouchers for a gate that asks for them")
    .addCommand(withOptions(issue, "account"));
}

async function issueVoucher(io: Io, values: Values): Promise<void> {
  const { chain: chainId, checker, round, tag, credits, person, notAfter, out } = values;
  const account = await loadAccount(io, values);
  // A signature that nobody sees: the same for a person in a round whenever it is made, and without the issuer's key nobody can try persons.
  const secret = await account.signMessage({
    message: `Tacit nullifier\nround: ${round.toLowerCase()}\nchain: ${chainId}\nperson: ${stringToHex(person)}`,
  });
  const voucher: Voucher = {
    chainId,
    checker,
    round,
    nullifier: keccak256(secret),
    tag,
    maxCredits: credits,
    notAfter: BigInt(notAfter.seconds + (notAfter.relative ? Math.floor(Date.now() / 1000) : 0)),
  };
  const signature = await account.signTypedData(voucherTypedData(voucher));
  await writeNewFile(out, showVoucher(voucher, signature));
  answer(io, values, { issuer: account.address, ...voucher, signature, out }, [
    `Wrote ${out}: ${account.address} admits tag ${tag} with up to ${credits} voice credits until ${time(voucher.notAfter)}.`,
    "Keep no list of persons and tags: whoever has it can tell who gave what.",
  ]);
}
