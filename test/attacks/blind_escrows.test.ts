// Everybody can make escrows, and a project can name any address as its own. So an applicant has a match paid to an escrow that asks a contract
// that does not answer, or a payee that the token refuses: what others are due is shown and paid all the same. And an owner has one project's
// match paid to an escrow for somebody else: that is shown as what it is, and not as the project's instalments.
import { network } from "hardhat";
import { getAddress, type Address } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import type { WriteClient } from "../../src/chain/client.ts";
import { deployEscrowFactory } from "../../src/chain/deploy.ts";
import { makeEscrows, type InstalmentTerms } from "../../src/chain/escrow.ts";
import {
  listDue,
  readEscrowed,
  readMatchesApart,
  releaseDue,
  type DuePayment,
} from "../../src/chain/instalments.ts";

type Connection = Awaited<ReturnType<typeof network.create>>;
let connection: Connection;
beforeAll(async () => {
  connection = await network.create();
});

const ACCOUNTS = ["aa", "bb", "cc", "dd"].map((byte) =>
  getAddress(`0x${byte.repeat(20)}`),
) as unknown as readonly [Address, Address, Address, Address];
const [HONEST, LATER, BACK, THIEF] = ACCOUNTS;

/** A registry with these projects; matches of those whose terms are there go to escrows that its owner made, with what each came in. */
async function prepare() {
  const { viem, networkHelpers } = connection;
  const [wallet] = await viem.getWalletClients();
  const read = await viem.getPublicClient();
  const client = { read, wallet, chainId: 31337 } as unknown as WriteClient;
  const now = BigInt(await networkHelpers.time.latest());
  const milestones = (await viem.deployContract("ToyQualifier", [now + 1_000n])).address;
  const silent = await viem.deployContract("ProjectRegistry", [BACK, now + 1_000n, 9n]);
  const token = await viem.deployContract("OddToken");
  const factory = await deployEscrowFactory(client);
  const termsOf = (payee: Address, project: bigint): InstalmentTerms => ({
    ...{ payee, project, milestones, firstBps: 4_000n, deadline: now + 2_000n },
    fallbackTo: BACK,
  });
  const make = async (terms: InstalmentTerms) =>
    (await makeEscrows(client, { factory, terms: [terms] }))[0] as Address;
  const registry = await viem.deployContract("ProjectRegistry", [
    wallet?.account.address as Address,
    now + 1_000n,
    0n,
  ]);
  const add = (recipients: readonly Address[]) =>
    registry.write.addProjects([[...recipients], recipients.map((_, i) => `name ${i}`)]);
  const setTo = (project: bigint, matchRecipient: Address) =>
    registry.write.setMatchRecipients([[project], [matchRecipient]]);
  const place = { registry: registry.address, factory, token: token.address };
  return { client, read: client.read, token, termsOf, make, add, setTo, silent, place };
}

describe("ESCROW-1 one bad escrow harms nobody else", () => {
  it("an applicant's own, whose milestones do not answer, hides no other's", async () => {
    const { read, token, termsOf, make, add, setTo, silent, place } = await prepare();
    // As one applies with it: an address like any other, and of this version's factory.
    const bad = await make({ ...termsOf(THIEF, 1n), milestones: silent.address });
    await add([HONEST, bad]);
    const good = await make(termsOf(HONEST, 0n));
    await setTo(0n, good);
    for (const to of [good, bad]) await token.write.mint([to, 1_000n]);
    const found = await readEscrowed(read, { ...place, projects: [0, 1] });
    expect(found.map(({ project }) => project)).toEqual([0]);
    expect(listDue(found)).toMatchObject([{ project: 0, account: HONEST, amount: 400n }]);
  });

  it("a payee that the token refuses holds up nobody else's payment, and is told", async () => {
    const { client, read, token, termsOf, make, add, setTo, place } = await prepare();
    await add([THIEF, HONEST, LATER]);
    for (const [i, payee] of [THIEF, HONEST, LATER].entries()) {
      const escrow = await make(termsOf(payee, BigInt(i)));
      await setTo(BigInt(i), escrow);
      await token.write.mint([escrow, 1_000n]);
    }
    await token.write.refusePayee([THIEF, true]);
    const due = listDue(await readEscrowed(read, { ...place, projects: [0, 1, 2] }));
    const paid: DuePayment[] = [];
    const refused = await releaseDue(client, { token: token.address, due }, (one) =>
      paid.push(one),
    );
    expect(paid.map(({ project }) => project)).toEqual([1, 2]);
    expect(refused).toMatchObject([{ project: 0, account: THIEF, why: { name: /./ } }]);
    for (const account of [HONEST, LATER])
      expect(await token.read.balanceOf([account])).toBeGreaterThanOrEqual(400n);
    // Somebody else was quicker: that is done, and no refusal.
    await token.write.refusePayee([THIEF, false]);
    const late: DuePayment[] = [];
    expect(
      await releaseDue(client, { token: token.address, due }, (one) => late.push(one)),
    ).toEqual([]);
    expect(late.map(({ project }) => project)).toEqual([0]);
  });

  it("REG-2 an owner's redirection is no project's instalments, whatever it looks like", async () => {
    const { read, token, termsOf, make, add, setTo, place } = await prepare();
    await add([HONEST, HONEST, LATER, LATER]);
    const [own, forThief, otherProject] = [
      await make(termsOf(HONEST, 0n)),
      await make(termsOf(THIEF, 1n)),
      await make(termsOf(LATER, 0n)),
    ];
    await setTo(0n, own);
    await setTo(1n, forThief);
    await setTo(2n, otherProject);
    await setTo(3n, THIEF);
    for (const to of [own, forThief, otherProject]) await token.write.mint([to, 1_000n]);
    const projects = [0, 1, 2, 3];
    expect(
      (await readEscrowed(read, { ...place, projects })).map(({ project }) => project),
    ).toEqual([0]);
    const apart = await readMatchesApart(read, { ...place, projects });
    expect(
      apart.map(({ project, matchRecipient, payee, ofProject }) => [
        project,
        getAddress(matchRecipient),
        payee && getAddress(payee),
        ofProject,
      ]),
    ).toEqual([
      [1, getAddress(forThief), THIEF, 1],
      [2, getAddress(otherProject), LATER, 0],
      [3, THIEF, undefined, undefined],
    ]);
  });
});
