import type { EIP1193Provider } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { connectRead, type WriteClient } from "../../src/chain/client.ts";
import { deployOutcome } from "../../src/chain/deploy.ts";
import { iQvOutcomeAbi } from "../../src/chain/generated/abis.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { trustedKeys } from "../../src/verify/trusted_keys.ts";
import { verifyRound } from "../../src/verify/verify_round.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import type { Entry } from "../contracts/support/reference.ts";
import { CONTRACTS, roundFixture, type Setup } from "../contracts/support/round.ts";
import { atTime, contribute, finalize } from "../contracts/support/steps.ts";
import { lyingProvider, type ViewLie } from "../helpers/lying_node.ts";

const RESULTS: readonly Entry[] = [
  { project: 0, votes: -3n, credits: 9n },
  { project: 2, votes: 5n, credits: 25n },
];
const ANSWER = { isDecided: true, option: 2n, votes: 5n, credits: 25n, value: 0n };

const QUESTION = { kind: "choice", title: "", options: [] } as const;

let setup: Setup;
beforeAll(async () => {
  setup = await decidedRound();
});

async function decidedRound(disputeWindow = 0): Promise<Setup> {
  const settings = { allowSigns: true, unit: 1n, disputeWindow };
  const made = await roundFixture({ token: "none", settings })();
  await atTime(made, made.start);
  await contribute(made, made.alice, 1, 100n);
  await finalize(made, RESULTS);
  return made;
}

/** Makes the contract that decides the round's question. */
const makeOutcome = ({ publicClient: read, deployer: wallet }: Setup) =>
  deployOutcome({ read, wallet, chainId: 31337 } as unknown as WriteClient, [QUESTION]);

/** What `verify` finds about the decision, from a node with such lies. */
async function verified(views: readonly ViewLie[] = [], of = setup) {
  const artifacts = await openArtifacts(fromRoot("build"));
  const provider = of.provider as unknown as EIP1193Provider;
  const { ok, checks, outcome } = await verifyRound({
    client: connectRead(lyingProvider(provider, () => ({ views }))),
    round: of.round.address,
    contracts: CONTRACTS,
    keys: (size) => trustedKeys(artifacts, size),
    from: 0n,
  });
  return { ok, outcome, check: checks.find(({ id }) => id === "VOTE-4") };
}

describe("what votes decide, rechecked", () => {
  test("VOTE-4 it is computed from the list, also where no contract says it", async () => {
    const { ok, outcome, check } = await verified();
    expect(check).toMatchObject({ ok: true, detail: expect.stringContaining("1 of 1 decided") });
    // Whoever holds the description back hides what the round asks: that is told, on the page too.
    expect(check?.values).toEqual({ questions: 1, decided: 1, described: "no" });
    expect(outcome).toEqual([
      {
        question: QUESTION,
        answer: { ...ANSWER, option: 2 },
      },
    ]);
    expect(ok).toBe(true);
  });

  test("VOTE-4 a contract that says otherwise is found out, whatever it is that differs", async () => {
    const address = await makeOutcome(setup);
    const { check } = await verified();
    expect(check).toMatchObject({ ok: true, detail: expect.stringContaining(address) });
    for (const lie of [
      { isDecided: false },
      { option: 0n },
      { votes: 6n },
      { credits: 26n },
      { value: 1n },
    ]) {
      const result = [{ ...ANSWER, ...lie }];
      const told = await verified([
        { address, abi: iQvOutcomeAbi, functionName: "outcome", result },
      ]);
      expect([told.ok, told.check]).toMatchObject([
        false,
        { ok: false, detail: expect.stringContaining(Object.keys(lie)[0] as string) },
      ]);
    }
  });

  test("VOTE-4 a contract that waits until the result can no longer be disputed says nothing until then, which is no fault", async () => {
    const disputable = await decidedRound(1_000);
    const address = await makeOutcome(disputable);
    const names = expect.stringContaining(address) as string;
    const early = await verified([], disputable);
    expect(early).toMatchObject({ ok: true, check: { ok: true } });
    expect(early.check?.detail).not.toEqual(names);
    await disputable.helpers.time.increase(1_000);
    expect(await verified([], disputable)).toMatchObject({ ok: true, check: { detail: names } });
  });
});
