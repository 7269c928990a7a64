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
import { TransactionFailedError } from "./fate.ts";
import { iMilestonesAbi, iProjectRegistryAbi } from "./generated/abis.ts";
import { ContractRefusedError } from "./send.ts";

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
  if (freezeTime === undefined || freezeTime === 0n) return { problem: "freeze" };
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
    readRecipients(read, registry, projects),
    readMatchRecipients(read, registry, projects),
  ]);
  return projects.map((project, i) => {
    const terms = { ...shared, payee: payees[i] as Address, project: BigInt(project) };
    const escrow = escrowAddress(factory, terms);
    return { terms, escrow, isSet: isAddressEqual(escrow, matchRecipients[i] as Address) };
  });
}

/** What each project's payout address is: whom donors' money goes to. */
const readRecipients = (
  read: ReadClient,
  registry: Address,
  projects: readonly number[],
): Promise<readonly Address[]> =>
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
  );

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

/** A project whose match goes to an escrow of this version's, for this project and its payout address. */
export type EscrowedProject = {
  readonly project: number;
  readonly address: Address;
  readonly escrow: Escrow;
};

/** A project whose match goes to another account than its payout address, and not in instalments to it. */
export type MatchApart = {
  readonly project: number;
  readonly recipient: Address;
  readonly matchRecipient: Address;
  /** Whom an escrow of this version's at that account pays, if there is one, and whose milestones it waits for. */
  readonly payee: Address | undefined;
  readonly ofProject: number | undefined;
};

/** Projects of a registry. `token` is the pool's. */
export type MatchPlaces = {
  readonly registry: Address;
  readonly factory: Address;
  readonly token: Address;
  readonly projects: readonly number[];
  /** The payout address of each of them, where it is known. */
  readonly recipients?: readonly Address[] | undefined;
};

/** Those of these projects whose matches are paid in instalments. An escrow whose milestones do not answer pays nobody, and is not among them. */
export async function readEscrowed(
  read: ReadClient,
  places: MatchPlaces,
): Promise<readonly EscrowedProject[]> {
  return (await readMatches(read, places)).flatMap(
    ({ project, recipient, matchRecipient: address, escrow }) =>
      escrow !== undefined && isOf(escrow, project, recipient)
        ? [{ project, address, escrow }]
        : [],
  );
}

/** Those of these projects whose matches go to somebody else (REG-2, REG-3). */
export async function readMatchesApart(
  read: ReadClient,
  places: MatchPlaces,
): Promise<readonly MatchApart[]> {
  return (await readMatches(read, places)).flatMap(
    ({ project, recipient, matchRecipient, escrow }) =>
      isAddressEqual(recipient, matchRecipient) ||
      (escrow !== undefined && isOf(escrow, project, recipient))
        ? []
        : [
            {
              ...{ project, recipient, matchRecipient },
              payee: escrow?.terms.payee,
              ofProject: escrow && Number(escrow.terms.project),
            },
          ],
  );
}

/** Whether an escrow is this project's, and not somebody else's to which its match was sent. */
const isOf = ({ terms }: Escrow, project: number, recipient: Address): boolean =>
  terms.project === BigInt(project) && isAddressEqual(terms.payee, recipient);

async function readMatches(
  read: ReadClient,
  { registry, factory, token, projects, recipients: known }: MatchPlaces,
) {
  const [recipients, matchRecipients] = await Promise.all([
    known ?? readRecipients(read, registry, projects),
    readMatchRecipients(read, registry, projects),
  ]);
  return Promise.all(
    projects.map(async (project, i) => {
      const [recipient, matchRecipient] = [recipients[i] as Address, matchRecipients[i] as Address];
      // No escrow pays itself.
      const escrow = isAddressEqual(recipient, matchRecipient)
        ? undefined
        : await readEscrow(read, { factory, address: matchRecipient, token });
      return { project, recipient, matchRecipient, escrow };
    }),
  );
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

/** A payment that cannot be made now, such as to a payee that the token refuses; the escrow keeps it. */
export type RefusedPayment = DuePayment & {
  readonly why: ContractRefusedError | TransactionFailedError;
};

/**
 * Pays what is due, one transaction each (ESCROW-1). Anyone may. `onPaid` is told of each. One that is refused holds up none of the others, nor does
 * one that somebody else has paid meanwhile, which is done.
 * @returns those that were refused
 */
export async function releaseDue(
  client: WriteClient,
  { token, due }: { readonly token: Address; readonly due: readonly DuePayment[] },
  onPaid: (one: DuePayment) => void,
): Promise<readonly RefusedPayment[]> {
  const refused: RefusedPayment[] = [];
  for (const one of due) {
    try {
      await releaseEscrow(client, { address: one.address, token, to: one.to });
    } catch (why) {
      if (!(why instanceof ContractRefusedError || why instanceof TransactionFailedError))
        throw why;
      if (!(why instanceof ContractRefusedError && why.reason === "NothingToRelease"))
        refused.push({ ...one, why });
      continue;
    }
    onPaid(one);
  }
  return refused;
}
