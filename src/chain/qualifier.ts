import { encodeDeployData, isAddressEqual, type Address, type Hex } from "viem";
import { BOUNDED } from "./bounded.ts";
import { unlessSilent, type ReadClient } from "./client.ts";
import { create2Address } from "./create2.ts";
import { idText } from "./gate.ts";
import { iQualifierAbi, reviewsAbi } from "./generated/abis.ts";
import { isEligibleIn } from "./history.ts";

/** Whatever has a project's number. */
export type Numbered = { readonly project: number };

/** A panel of reviewers, as its contract is made (REVIEW-1). */
export type Panel = {
  readonly reviewers: readonly Address[];
  readonly quorum: bigint;
  /** Seconds since 1970. */
  readonly freezeTime: bigint;
  readonly salt: Hex;
};

/** Who tells which projects can have a match (PAYOUT-4), and what is established of it. */
export type Qualifier =
  | ({ readonly kind: "reviews"; readonly address: Address } & Panel)
  | {
      readonly kind: "foreign";
      readonly address: Address;
      /** Its own word; undefined where it gives none. */
      readonly freezeTime: bigint | undefined;
    };

/** What makes the contract of a panel. */
export function reviewsInitCode(
  bytecode: Hex,
  { reviewers, quorum, freezeTime, salt }: Panel,
): Hex {
  return encodeDeployData({
    abi: reviewsAbi,
    bytecode,
    args: [reviewers, quorum, freezeTime, salt],
  });
}

/** What a panel's contract says that it was made with; undefined where it is none. */
export async function readPanel(client: ReadClient, address: Address): Promise<Panel | undefined> {
  const at = { address, abi: reviewsAbi, ...BOUNDED } as const;
  const id = await client.readContract({ ...at, functionName: "id" }).catch(unlessSilent);
  if (id === undefined || idText(id) !== "reviews") return undefined;
  return Promise.all([
    client.readContract({ ...at, functionName: "reviewers" }),
    client.readContract({ ...at, functionName: "quorum" }),
    client.readContract({ ...at, functionName: "freezeTime" }),
    client.readContract({ ...at, functionName: "salt" }),
  ])
    .then(([reviewers, quorum, freezeTime, salt]) => ({ reviewers, quorum, freezeTime, salt }))
    .catch(unlessSilent);
}

/** By its address, which follows from what it was made with: a contract with the same views may answer them as it likes. `bytecode` is that of reviews. */
export async function identifyQualifier(
  client: ReadClient,
  address: Address,
  bytecode: Hex,
): Promise<Qualifier> {
  const panel = await readPanel(client, address);
  if (panel !== undefined && isMadeAs(address, bytecode, panel))
    return { kind: "reviews", address, ...panel };
  const freezeTime = await client
    .readContract({ address, abi: iQualifierAbi, functionName: "freezeTime", ...BOUNDED })
    .catch(unlessSilent);
  return { kind: "foreign", address, freezeTime };
}

function isMadeAs(address: Address, bytecode: Hex, panel: Panel): boolean {
  return isAddressEqual(create2Address(reviewsInitCode(bytecode, panel)), address);
}

/** Which of these projects fulfil the condition; of any other nothing is known. At the block of the client's views. */
export async function readQualified(
  client: ReadClient,
  qualifier: Address,
  projects: readonly Numbered[],
): Promise<(project: number) => boolean> {
  const indices = [...new Set(projects.map(({ project }) => BigInt(project >> 8)))];
  const words = new Map(
    await Promise.all(
      indices.map(
        async (index) =>
          [
            index,
            await client.readContract({
              address: qualifier,
              abi: iQualifierAbi,
              functionName: "qualified",
              args: [index],
              ...BOUNDED,
            }),
          ] as const,
      ),
    ),
  );
  return (project) => isEligibleIn((index) => words.get(BigInt(index)), project);
}
