import { Command } from "commander";
import { readAdmitted } from "../../chain/admitted.ts";
import { parseGroup } from "../../donor/group_list.ts";
import { BaseError } from "../../errors.ts";
import { groupRoot } from "../../protocol/group.ts";
import { membershipScope } from "../../protocol/membership.ts";
import { commitmentOf, newMember, nullifierOf } from "../../proofs/membership.ts";
import { writeNewFile } from "../input/key_file.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { readSecret } from "../input/secrets.ts";
import { readBytes } from "../input/text_file.ts";
import type { Io } from "../output/io.ts";
import { answer } from "../output/output.ts";
import { openRound } from "../session.ts";

type Values = SharedValues & {
  readonly out: string;
  readonly identity: string;
  readonly members: string;
};

export class NotTakenPartError extends BaseError {
  constructor() {
    super("No contribution to this round is of this member.", {
      fix: "Contribute first, or check that it is the round and the identity that you used.",
    });
  }
}

export function memberCommand(io: Io): Command {
  const make = new Command("new")
    .description("make an identity with which a group's member takes part anonymously")
    .requiredOption("--out <file>", "write its secret here (mode 0600)")
    .addHelpText(
      "after",
      `
The organiser puts the commitment, which is no secret, into the group before the gate is made. The file stays with the member alone: whoever
has it takes part in the member's place, and can tell which contribution is the member's. It can be pasted on the page.
${examples("tacit member new --out member.txt")}`,
    )
    .action(async (values: Values) => newIdentity(io, values));
  const show = new Command("show")
    .description("show the commitment of an identity")
    .requiredOption(
      "--identity <file>",
      "its secret, as `tacit member new` or another program wrote it",
    )
    .addHelpText("after", examples("tacit member show --identity member.txt"))
    .action(async (values: Values) => showIdentity(io, values));
  const group = new Command("group")
    .description("tell the root of a group, by which a gate knows it")
    .requiredOption("--members <file>", "CSV file with the column commitment, in the group's order")
    .addHelpText("after", examples("tacit member group --members members.csv"))
    .action(async (values: Values) => showGroup(io, values));
  const tag = new Command("tag")
    .description("find the tag under which a member has contributed to a round")
    .requiredOption("--identity <file>", "the member's secret")
    .addHelpText("after", examples("tacit member tag --round 0x... --identity member.txt"))
    .action(async (values: Values) => findTag(io, values));
  return new Command("member")
    .description("identities and groups for gates that admit members without learning who they are")
    .addCommand(withOptions(make))
    .addCommand(withOptions(show))
    .addCommand(withOptions(group))
    .addCommand(withOptions(tag, "rpc", "chain", "round"));
}

async function newIdentity(io: Io, values: Values): Promise<void> {
  const { secret, commitment } = newMember();
  await writeNewFile(values.out, `${secret}\n`);
  answer(io, values, { file: values.out, commitment }, [
    `Wrote a member's secret to ${values.out}. Keep it to yourself.`,
    `Its commitment, which the organiser needs: ${commitment}`,
  ]);
}

async function showIdentity(io: Io, values: Values): Promise<void> {
  const commitment = commitmentOf(await readSecret(values.identity));
  answer(io, values, { commitment }, [`The commitment is ${commitment}`]);
}

async function showGroup(io: Io, values: Values): Promise<void> {
  const members = parseGroup(await readBytes(values.members), values.members);
  const root = groupRoot(members);
  answer(io, values, { members: members.length, root }, [
    `A group of ${members.length} with the root ${root}.`,
  ]);
}

/** The gate's events are read, and nothing that names the member: which of them is hers, only who has the secret can tell. */
async function findTag(io: Io, values: Values): Promise<void> {
  const secret = await readSecret(values.identity);
  const { read, chainId, round, config, since } = await openRound(io, values);
  const own = nullifierOf(secret, membershipScope(chainId, round));
  const admitted = await readAdmitted(read, { gate: config.gate, round, from: await since() });
  const found = admitted.find(({ identity }) => BigInt(identity) === own);
  if (found === undefined) throw new NotTakenPartError();
  answer(io, values, { tag: found.tag }, [
    `This member has contributed under tag ${found.tag}.`,
    "To change the ballot: publish --tag.",
  ]);
}
