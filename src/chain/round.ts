import type { Address } from "viem";
import { BaseError } from "../errors.ts";
import { MAX_PROJECTS } from "../params.ts";
import { BOUNDED } from "./bounded.ts";
import { isTransport, type ReadClient } from "./client.ts";
import { iProjectRegistryAbi, iRoundAbi } from "./generated/abis.ts";
import { isEligibleIn } from "./history.ts";
import { refusal } from "./send.ts";

export class NotARoundError extends BaseError {
  constructor(address: string, cause?: unknown) {
    super(`There is no Tacit round at ${address}.`, {
      fix: "Check the address, and that the RPC serves the round's chain.",
      cause,
    });
  }
}

/** Phases in the contract's order (IRoundPhases). */
export const PHASES = [
  "before start",
  "contributing",
  "tallying",
  "overdue",
  "disputable",
  "finalized",
  "aborted",
  "cancelled",
] as const;
export type Phase = (typeof PHASES)[number];

/** Reads a view of a round. @throws NotARoundError */
async function view<T>(address: Address, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const refused = refusal("a view", error);
    throw refused === error && isTransport(error) ? error : new NotARoundError(address, error);
  }
}

/** What changes: phase, counts, money, tally progress, at the latest block. @throws NotARoundError */
export async function readProgress(client: ReadClient, address: Address) {
  const at = { address, abi: iRoundAbi } as const;
  return view(address, async () => {
    const [
      phase,
      chainHead,
      items,
      links,
      contributions,
      totalCredits,
      pool,
      deadline,
      paymentsFrom,
      tally,
    ] = await Promise.all([
      client.readContract({ ...at, functionName: "phase" }),
      client.readContract({ ...at, functionName: "chainHead" }),
      client.readContract({ ...at, functionName: "items" }),
      client.readContract({ ...at, functionName: "links" }),
      client.readContract({ ...at, functionName: "contributions" }),
      client.readContract({ ...at, functionName: "totalCredits" }),
      client.readContract({ ...at, functionName: "pool" }),
      client.readContract({ ...at, functionName: "tallyDeadline" }),
      client.readContract({ ...at, functionName: "paymentsFrom" }),
      client.readContract({ ...at, functionName: "tally" }),
    ]);
    return {
      phase: PHASES[phase] as Phase,
      chainHead,
      items,
      links,
      contributions,
      totalCredits,
      pool,
      deadline,
      paymentsFrom,
      tally,
    };
  });
}
export type RoundProgress = Awaited<ReturnType<typeof readProgress>>;

/** A registry that names more projects than a round can have (PARAM-5): no round with it can be counted. */
export class ProjectCountError extends BaseError {
  constructor(registry: Address, count: bigint) {
    super(
      `The registry ${registry} says that it has ${count} projects, more than ${MAX_PROJECTS}.`,
      {
        fix: "It is not this version's registry: do not give to a round that uses it.",
      },
    );
  }
}

/** J. @throws ProjectCountError */
export async function readProjectCount(client: ReadClient, registry: Address): Promise<number> {
  const count = await client.readContract({
    address: registry,
    abi: iProjectRegistryAbi,
    functionName: "projectCount",
    ...BOUNDED,
  });
  if (count > BigInt(MAX_PROJECTS)) throw new ProjectCountError(registry, count);
  return Number(count);
}

/** A round's projects: J, eligibility by index. @throws ProjectCountError */
export async function readProjects(client: ReadClient, registry: Address) {
  const count = await readProjectCount(client, registry);
  return { count, isEligible: await readEligibility(client, registry, count) };
}

/** Which of so many projects are eligible. */
export async function readEligibility(
  client: ReadClient,
  registry: Address,
  count: number,
): Promise<(project: number) => boolean> {
  const at = { address: registry, abi: iProjectRegistryAbi, ...BOUNDED } as const;
  const words = await Promise.all(
    Array.from({ length: Math.ceil(count / 256) }, (_, i) =>
      client.readContract({ ...at, functionName: "eligibility", args: [BigInt(i)] }),
    ),
  );
  return (project) => isEligibleIn((index) => words[index], project);
}
