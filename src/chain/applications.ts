import { parseEventLogs, zeroAddress, type Address, type Hex } from "viem";
import { toReference } from "../metadata/reference.ts";
import { BOUNDED } from "./bounded.ts";
import type { ReadClient, WriteClient } from "./client.ts";
import { iOptimisticRegistryAbi } from "./generated/abis.ts";
import { readAllLogs } from "./logs.ts";
import { ContractRefusedError, send } from "./send.ts";

/** What is fixed about an optimistic registry (REG-3): times in seconds, the bond in wei. */
export type OptimisticSettings = {
  readonly arbiter: Address;
  readonly bond: bigint;
  readonly freezeTime: bigint;
  readonly challengePeriod: bigint;
  readonly rulingPeriod: bigint;
  readonly acceptPeriod: bigint;
  readonly mostOpen: bigint;
  /** Who may name other payees of matches; the zero address for nobody. */
  readonly payeeSetter: Address;
  readonly nonce: Hex;
};

/**
 * What an application waits for. `challengeable`: nobody has challenged it, and somebody may. `ruling`: the arbiter may rule. `acceptable`:
 * anybody can make it a project, until the freeze. `expired`: nobody did; its bonds can be paid to the applicant. The rest is over.
 */
export type ApplicationState =
  | "challengeable"
  | "ruling"
  | "acceptable"
  | "expired"
  | "accepted"
  | "rejected"
  | "lapsed";

/** An application to an optimistic registry, as it stands at a moment. */
export type Application = {
  readonly application: bigint;
  readonly applicant: Address;
  readonly recipient: Address;
  readonly digest: Hex;
  /** The document's reference, as a project's (META-2). */
  readonly metadataURI: string;
  /** The goals, 1 to 17, that were named on chain. */
  readonly sdgs: readonly number[];
  readonly state: ApplicationState;
  /** When the state ends by itself, in seconds; undefined where it does not. */
  readonly until: bigint | undefined;
  readonly challenger: Address | undefined;
  /** What the challenger says; undefined where nobody challenged, or the node gives no logs. */
  readonly reason: string | undefined;
  /** Its index, once it is a project. */
  readonly project: number | undefined;
};

/** By the number in ApplicationStatus. */
const STATUS = ["none", "open", "challenged", "accepted", "rejected", "lapsed"] as const;
const VIEWS_AT_ONCE = 200;
const GOALS = 17;

/** Goals as the registry takes them: bit i for goal i + 1. */
export const toSdgMask = (sdgs: readonly number[]): bigint =>
  sdgs.reduce((mask, goal) => mask | (1n << BigInt(goal - 1)), 0n);

const fromSdgMask = (mask: number): number[] =>
  Array.from({ length: GOALS }, (_, i) => i + 1).filter((goal) => (mask & (1 << (goal - 1))) !== 0);

/** A registry's settings, as it tells them; whether it is one of this version's is for `readParts`. */
export async function readOptimisticSettings(
  client: ReadClient,
  registry: Address,
): Promise<OptimisticSettings> {
  return client.readContract({
    address: registry,
    abi: iOptimisticRegistryAbi,
    functionName: "settings",
    ...BOUNDED,
  });
}

/** The second from which nobody can apply any more: every period of an application made before it is over by the freeze (REG-3). */
export const applicationsUntil = ({
  freezeTime,
  challengePeriod,
  rulingPeriod,
  acceptPeriod,
}: OptimisticSettings): bigint => freezeTime - challengePeriod - rulingPeriod - acceptPeriod;

/** All applications, as they stand at `now`, in seconds; reasons and indices where the node gives the registry's events. */
export async function readApplications(
  client: ReadClient,
  registry: Address,
  {
    settings,
    now,
    fromBlock,
  }: {
    readonly settings: OptimisticSettings;
    readonly now: bigint;
    readonly fromBlock: bigint;
  },
): Promise<readonly Application[]> {
  const at = { address: registry, abi: iOptimisticRegistryAbi, ...BOUNDED } as const;
  const count = await client.readContract({ ...at, functionName: "applicationCount" });
  const logs = await readAllLogs(client, registry, fromBlock);
  const challenged = parseEventLogs({ abi: iOptimisticRegistryAbi, eventName: "Challenged", logs });
  const reasons = new Map(challenged.map(({ args }) => [args.application, args.reason]));
  const accepted = parseEventLogs({ abi: iOptimisticRegistryAbi, eventName: "Accepted", logs });
  const projects = new Map(accepted.map(({ args }) => [args.application, Number(args.project)]));
  const all: Application[] = [];
  while (all.length < Number(count)) {
    const first = BigInt(all.length);
    const some = await Promise.all(
      Array.from({ length: Math.min(VIEWS_AT_ONCE, Number(count) - all.length) }, async (_, i) => {
        const application = first + BigInt(i);
        const kept = await client.readContract({
          ...at,
          functionName: "applicationOf",
          args: [application],
        });
        return {
          application,
          applicant: kept.applicant,
          recipient: kept.recipient,
          digest: kept.digest,
          metadataURI: toReference(kept.digest),
          sdgs: fromSdgMask(kept.sdgMask),
          ...stateOf(STATUS[kept.status] ?? "none", BigInt(kept.time), settings, now),
          challenger: kept.challenger === zeroAddress ? undefined : kept.challenger,
          reason: reasons.get(application),
          project: projects.get(application),
        };
      }),
    );
    all.push(...some);
  }
  return all;
}

function stateOf(
  status: (typeof STATUS)[number],
  time: bigint,
  { challengePeriod, rulingPeriod, freezeTime }: OptimisticSettings,
  now: bigint,
): Pick<Application, "state" | "until"> {
  if (status === "accepted" || status === "rejected" || status === "lapsed")
    return { state: status, until: undefined };
  const until = time + (status === "open" ? challengePeriod : rulingPeriod);
  if (now < until) return { state: status === "open" ? "challengeable" : "ruling", until };
  return now < freezeTime
    ? { state: "acceptable", until: freezeTime }
    : { state: "expired", until: undefined };
}

/** Where an application is meant, and by its number. */
export type ApplicationPlace = { readonly registry: Address; readonly application: bigint };

/** Applies with a payout address and a document's digest, and leaves the bond (REG-3). Anyone may send it. */
export async function submitApplication(
  client: WriteClient,
  {
    registry,
    recipient,
    digest,
    sdgs,
    bond,
  }: {
    readonly registry: Address;
    readonly recipient: Address;
    readonly digest: Hex;
    readonly sdgs: readonly number[];
    readonly bond: bigint;
  },
) {
  const receipt = await send(client, {
    address: registry,
    abi: iOptimisticRegistryAbi,
    functionName: "submit",
    args: [recipient, digest, toSdgMask(sdgs)],
    value: bond,
  });
  const [event] = parseEventLogs({
    abi: iOptimisticRegistryAbi,
    eventName: "Applied",
    logs: receipt.logs,
  });
  return { receipt, application: event?.args.application as bigint };
}

/** Challenges an application, and leaves as much as the applicant did; `reason` at most MOST_REASON bytes (REG-3). */
export async function challengeApplication(
  client: WriteClient,
  {
    registry,
    application,
    reason,
    bond,
  }: ApplicationPlace & { readonly reason: string; readonly bond: bigint },
) {
  return send(client, {
    address: registry,
    abi: iOptimisticRegistryAbi,
    functionName: "challenge",
    args: [application, reason],
    value: bond,
  });
}

/** The arbiter rules about a challenged application; both bonds go to who is right (REG-3). */
export async function ruleApplication(
  client: WriteClient,
  { registry, application, accepted }: ApplicationPlace & { readonly accepted: boolean },
) {
  return send(client, {
    address: registry,
    abi: iOptimisticRegistryAbi,
    functionName: "rule",
    args: [application, accepted],
  });
}

/** Makes a project of an application that nobody challenged, or about which the arbiter was silent (REG-3). Anyone may send it. */
export async function acceptApplication(
  client: WriteClient,
  { registry, application }: ApplicationPlace,
) {
  return send(client, {
    address: registry,
    abi: iOptimisticRegistryAbi,
    functionName: "accept",
    args: [application],
  });
}

/**
 * The same for several, one transaction each; one that somebody else has made a project meanwhile holds up none of the others.
 * @returns those that this made projects
 */
export async function acceptApplications(
  client: WriteClient,
  {
    registry,
    applications,
  }: { readonly registry: Address; readonly applications: readonly bigint[] },
  onAccepted: (application: bigint) => void = () => undefined,
): Promise<readonly bigint[]> {
  const accepted: bigint[] = [];
  for (const application of applications) {
    try {
      await acceptApplication(client, { registry, application });
    } catch (error) {
      if (!(error instanceof ContractRefusedError && error.reason === "WrongStatus")) throw error;
      const { status } = await client.read.readContract({
        ...{ address: registry, abi: iOptimisticRegistryAbi, ...BOUNDED },
        functionName: "applicationOf",
        args: [application],
      });
      if (STATUS[status] !== "accepted") throw error;
      continue;
    }
    accepted.push(application);
    onAccepted(application);
  }
  return accepted;
}

/** Closes an application that nobody accepted by the freeze; the applicant gets the bonds (REG-3). Anyone may send it. */
export async function lapseApplication(
  client: WriteClient,
  { registry, application }: ApplicationPlace,
) {
  return send(client, {
    address: registry,
    abi: iOptimisticRegistryAbi,
    functionName: "lapse",
    args: [application],
  });
}

/** What bonds an account can withdraw from a registry, in wei. */
export async function readOwedBonds(
  client: ReadClient,
  registry: Address,
  account: Address,
): Promise<bigint> {
  return client.readContract({
    address: registry,
    abi: iOptimisticRegistryAbi,
    functionName: "owedTo",
    args: [account],
    ...BOUNDED,
  });
}

/** Pays an account the bonds that it is owed (REG-3). Anyone may send it. */
export async function withdrawBonds(
  client: WriteClient,
  { registry, account }: { readonly registry: Address; readonly account: Address },
) {
  return send(client, {
    address: registry,
    abi: iOptimisticRegistryAbi,
    functionName: "withdraw",
    args: [account],
  });
}
