import type { Address, Hex } from "viem";
import { dateOf } from "../date.ts";
import { CONTEXT, type ProjectDocument, type RoundDocument } from "./documents.ts";
import { readReference, toReference } from "./reference.ts";

/** What is told of a round to other software. Times in seconds; `poolSize` in whole tokens, undefined without a pool. */
export type ExportedRound = {
  readonly chainId: number;
  readonly round: Address;
  readonly factory: Address;
  readonly registry: Address;
  /** The round's salt, the digest of its document where it has one (META-4). */
  readonly salt: Hex;
  readonly document: RoundDocument | undefined;
  /** When the registry takes no more projects. */
  readonly freezeTime: bigint;
  readonly now: bigint;
  readonly poolSize?: { readonly amount: string; readonly denomination: string } | undefined;
  readonly projects: readonly {
    readonly index: number;
    readonly name: string;
    readonly recipient: Address;
    readonly metadataURI: string;
    readonly eligible: boolean;
    readonly document: ProjectDocument | undefined;
  }[];
};

/** A pool in Allo's registry: `protocol` 1 is IPFS, the pointer a CID. */
type AlloMetadata = { readonly protocol: 1; readonly pointer: string };

/** The three files of DAOIP-5, plain JSON, to be served at addresses of the organiser's choice. */
export type GrantFiles = {
  readonly "grant_pools.json": object;
  readonly "projects.json": object;
  readonly "applications.json": object;
};

/**
 * A round and its projects in the form of DAOIP-5 (grant pool, projects, applications), each with Allo's metadata pointer under
 * `extensions`. An application is pending only while it is none of the registry's, so those here are approved, or rejected where a project
 * was delisted.
 */
export function toGrantFiles(round: ExportedRound): GrantFiles {
  const { chainId, factory, registry, document, freezeTime, now, poolSize, projects } = round;
  const ours = document?.extensions["org.tacit"];
  const name = document?.name ?? round.round;
  const entity = { "@context": CONTEXT, name: ours?.organiser?.name ?? name, type: "Organization" };
  const caip10 = (address: Address) => `eip155:${chainId}:${address}`;
  const poolId = `${caip10(factory)}?contractId=${round.round}`;
  const pool = { type: "GrantPool", id: poolId, name } as const;
  const own = (about: object | undefined, reference: string | undefined) => {
    const allo = alloMetadata(reference);
    const told = { ...about, ...(allo === undefined ? {} : { allo }) };
    return Object.keys(told).length === 0 ? {} : { extensions: { "org.tacit": told } };
  };
  const projectId = (index: number) => `${caip10(registry)}?proposalId=${index}`;
  return {
    "grant_pools.json": {
      ...entity,
      grantPools: [
        {
          ...pool,
          description: document?.description ?? name,
          grantFundingMechanism: "Quadratic Funding",
          isOpen: now < freezeTime,
          closeDate: dateOf(freezeTime).toISOString(),
          applicationsURI: "./applications.json",
          ...(document?.contentURI === undefined ? {} : { governanceURI: document.contentURI }),
          ...(poolSize === undefined ? {} : { totalGrantPoolSize: [poolSize] }),
          ...(document?.image === undefined ? {} : { image: document.image }),
          ...own(ours, document === undefined ? undefined : toReference(round.salt)),
        },
      ],
    },
    "projects.json": {
      ...entity,
      projects: projects.map(({ index, name: called, document: about, metadataURI }) => ({
        type: "Project",
        id: projectId(index),
        name: called,
        description: about?.description ?? called,
        contentURI: about?.contentURI ?? metadataURI,
        relevantTo: [[poolId, name]],
        ...(about?.image === undefined ? {} : { image: about.image }),
        ...(about?.licenseURI === undefined ? {} : { licenseURI: about.licenseURI }),
        ...(about?.socials === undefined ? {} : { socials: about.socials }),
        ...own(about?.extensions?.["org.tacit"], metadataURI),
      })),
    },
    "applications.json": {
      ...entity,
      grantPools: [
        {
          ...pool,
          applications: projects.map((project) => ({
            type: "GrantApplication",
            id: `${caip10(round.round)}?proposalId=${project.index}`,
            grantPoolsURI: "./grant_pools.json",
            grantPoolId: poolId,
            grantPoolName: name,
            projectsURI: "./projects.json",
            projectId: projectId(project.index),
            projectName: project.name,
            contentURI: project.document?.contentURI ?? project.metadataURI,
            status: project.eligible ? "approved" : "rejected",
            payoutAddress: { type: "CAIP10Address", value: caip10(project.recipient) },
          })),
        },
      ],
    },
  };
}

/** Allo's pointer to a document; undefined for a bare name. */
function alloMetadata(reference: string | undefined): AlloMetadata | undefined {
  return reference === undefined || readReference(reference) === undefined
    ? undefined
    : { protocol: 1, pointer: reference.replace("ipfs://", "") };
}
