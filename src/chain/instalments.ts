import { isAddressEqual, type Address } from "viem";
import { unlessSilent, type ReadClient, type WriteClient } from "./client.ts";
import { BOUNDED } from "./bounded.ts";
import {
  escrowAddress,
  makeEscrows,
  readEscrow,
  readMatchRecipients,
  releaseEscrow,
  requireSettable,
  setMatchRecipients,
  type Escrow,
  type InstalmentTerms,
} from "./escrow.ts";
import { iMilestonesAbi, iProjectRegistryAbi } from "./generated/abis.ts";

/** What the escrows of a round's projects have in common. */
export type SharedTerms = Omit<InstalmentTerms, "payee" | "project">;

/** A project's escrow with its terms, made or not. */
export type PlannedEscrow = {
  readonly terms: InstalmentTerms;
  readonly escrow: Address;
  /** Whether its match is paid there already. */
  readonly isSet: boolean;
};

/** Why milestones cannot be those of escrows: they are never frozen, or say nothing of projects; the deadline is too early. */
export type MilestonesProblem =
  | { readonly problem: "freeze" | "projects" | "end" }
  | { readonly problem: "deadline"; readonly freezeTime: bigint };

/** What no escrow with these milestones and this deadline could pay; undefined where all is well. `end` is the round's. */
export async function findMilestonesProblem(
  read: ReadClient,
  { milestones, deadline }: Pick<SharedTerms, "milestones" | "deadline">,
  end: bigint,
): Promise<MilestonesProblem | undefined> {
  const at = { address: milestones, abi: iMilestonesAbi, ...BOUNDED } as const;
  const freezeTime = await read
    .readContract({ ...at, functionName: "freezeTime" })
    .catch(unlessSilent);
  if (freezeTime === undefined) return { problem: "freeze" };
  // Registries and payout rules say when they are frozen, too: an escrow that asks one of those could never pay anybody.
  const passed = await read
    .readContract({ ...at, functionName: "passed", args: [0n] })
    .catch(unlessSilent);
  if (passed === undefined) return { problem: "projects" };
  if (deadline < freezeTime) return { problem: "deadline", freezeTime };
  return deadline <= end ? { problem: "end" } : undefined;
}

/** The escrows that these projects' matches would be paid to. */
export async function planEscrows(
  read: ReadClient,
  {
    registry,
    factory,
    projects,
    shared,
  }: {
    readonly registry: Address;
    readonly factory: Address;
    readonly projects: readonly number[];
    readonly shared: SharedTerms;
  },
): Promise<readonly PlannedEscrow[]> {
  const [payees, matchRecipients] = await Promise.all([
    Promise.all(
      projects.map((project) =>
        read.readContract({
          address: registry,
          abi: iProjectRegistryAbi,
          functionName: "recipientOf",
          args: [BigInt(project)],
          ...BOUNDED,
        }),
      ),
    ),
    readMatchRecipients(read, registry, projects),
  ]);
  return projects.map((project, i) => {
    const terms = { ...shared, payee: payees[i] as Address, project: BigInt(project) };
    const escrow = escrowAddress(factory, terms);
    return { terms, escrow, isSet: isAddressEqual(escrow, matchRecipients[i] as Address) };
  });
}

export type InstalmentStep = "factory" | "escrows" | "payees";

/**
 * Makes the escrows that are not there yet, and has the registry pay matches to them; what is done already is not done again. Whether the registry
 * would take it is asked first. `makeFactory` puts the factory there, unless it is.
 * @throws ContractRefusedError
 */
export async function setInstalments(
  client: WriteClient,
  {
    registry,
    factory,
    planned,
    makeFactory,
  }: {
    readonly registry: Address;
    readonly factory: Address;
    readonly planned: readonly PlannedEscrow[];
    readonly makeFactory: () => Promise<unknown>;
  },
  onStep: (step: InstalmentStep) => void = () => undefined,
): Promise<void> {
  const missing = planned.filter(({ isSet }) => !isSet);
  if (missing.length === 0) return;
  const payees = missing.map(({ terms, escrow }) => ({
    project: terms.project,
    matchRecipient: escrow,
  }));
  await requireSettable(client, { registry, payees });
  onStep("factory");
  await makeFactory();
  onStep("escrows");
  await makeEscrows(client, { factory, terms: missing.map(({ terms }) => terms) });
  onStep("payees");
  await setMatchRecipients(client, { registry, payees });
}

/** A project whose match goes to an escrow of this version's. */
export type EscrowedProject = {
  readonly project: number;
  readonly address: Address;
  readonly escrow: Escrow;
};

/** Those of these projects. `token` is the pool's. */
export async function readEscrowed(
  read: ReadClient,
  {
    registry,
    factory,
    token,
    projects,
  }: {
    readonly registry: Address;
    readonly factory: Address;
    readonly token: Address;
    readonly projects: readonly number[];
  },
): Promise<readonly EscrowedProject[]> {
  const recipients = await readMatchRecipients(read, registry, projects);
  const all = await Promise.all(
    projects.map(async (project, i) => {
      const address = recipients[i] as Address;
      const escrow = await readEscrow(read, { factory, address, token });
      return escrow === undefined ? [] : [{ project, address, escrow }];
    }),
  );
  return all.flat();
}

/** A payment that an escrow can make now. */
export type DuePayment = {
  readonly project: number;
  readonly address: Address;
  readonly to: "payee" | "back";
  readonly account: Address;
  readonly amount: bigint;
};

/** What can be paid now, to projects and back. */
export const listDue = (escrowed: readonly EscrowedProject[]): readonly DuePayment[] =>
  escrowed.flatMap(({ project, address, escrow: { terms, duePayee, dueBack } }) =>
    (
      [
        { to: "payee", account: terms.payee, amount: duePayee },
        { to: "back", account: terms.fallbackTo, amount: dueBack },
      ] as const
    )
      .filter(({ amount }) => amount > 0n)
      .map((one) => ({ project, address, ...one })),
  );

/** Pays what is due, one transaction each (ESCROW-1). Anyone may. `onPaid` is told of each. @throws ContractRefusedError */
export async function releaseDue(
  client: WriteClient,
  { token, due }: { readonly token: Address; readonly due: readonly DuePayment[] },
  onPaid: (one: DuePayment) => void,
): Promise<void> {
  for (const one of due) {
    await releaseEscrow(client, { address: one.address, token, to: one.to });
    onPaid(one);
  }
}
