import {
  BaseError,
  encodeDeployData,
  getContractAddress,
  isAddressEqual,
  numberToHex,
  zeroAddress,
  type Address,
  type Hex,
} from "viem";
import { BOUNDED } from "./bounded.ts";
import { unlessSilent, type ReadClient } from "./client.ts";
import { payoutInitCode } from "../payouts/index.ts";
import type { PayoutChoice } from "../payouts/rule.ts";
import { create2Address } from "./create2.ts";
import { readPayoutChoice } from "./payout.ts";
import { readClauses } from "./gate.ts";
import { gateAbi, projectRegistryAbi } from "./generated/abis.ts";
import type { CheckerSettings } from "../gates/checker.ts";
import { findChecker, type Clauses } from "../gates/index.ts";
import type { Contracts, RoundConfig } from "./provenance.ts";

/** What is established of the contracts that a round's organiser chose (PROV-3 to PROV-5). `foreign`: nothing. */
export type Parts = {
  readonly gate:
    | { readonly kind: "open" | "foreign" }
    | {
        readonly kind: "clauses";
        /** Credits that each contribution must have; 0 for any number. */
        readonly exactCredits: bigint;
        readonly clauses: Clauses;
      };
  readonly registry:
    | { readonly kind: "foreign" }
    | { readonly kind: "owned"; readonly owner: Address; readonly freezeTime: bigint };
  readonly payoutRule:
    | { readonly kind: "none" | "foreign" }
    | ({ readonly kind: "known" } & PayoutChoice);
};

/** Asks what each part claims to be, and computes where the genuine one is: an answer that is not true makes it foreign, and nothing else. */
export async function readParts(
  client: ReadClient,
  config: Pick<RoundConfig, "gate" | "registry" | "payoutRule">,
  contracts: Contracts,
): Promise<Parts> {
  const [gate, registry, payoutRule] = await Promise.all([
    readGate(client, config.gate, contracts),
    readRegistry(client, config.registry, contracts),
    identifyPayoutRule(client, config.payoutRule, contracts),
  ]);
  return { gate, registry, payoutRule };
}

/** By its address, which follows from kind and arguments: a contract with the same views may answer them as it likes. */
export async function identifyPayoutRule(
  client: ReadClient,
  address: Address,
  { creationCode, payoutRules }: Pick<Contracts, "creationCode" | "payoutRules">,
): Promise<Parts["payoutRule"]> {
  if (address === zeroAddress) return { kind: "none" };
  for (const surplus of ["return", "pay"] as const)
    if (isAddressEqual(payoutRules[surplus], address))
      return { kind: "known", id: "quadratic", args: [surplus === "pay"] };
  const choice = await readPayoutChoice(client, address);
  return choice !== undefined && isMadeFrom(address, choice, creationCode.payoutRules[choice.id])
    ? { kind: "known", ...choice }
    : { kind: "foreign" };
}

function isMadeFrom(address: Address, choice: PayoutChoice, bytecode: Hex | undefined): boolean {
  if (bytecode === undefined) return false;
  try {
    return isAddressEqual(create2Address(payoutInitCode(bytecode, choice)), address);
  } catch (error) {
    // A liar's views: no constructor takes such arguments.
    if (error instanceof BaseError) return false;
    throw error;
  }
}

/** What makes a checker of a known kind with these settings; undefined for a kind that this version does not have (GATE-3). */
export function checkerInitCode(
  checkers: Contracts["creationCode"]["checkers"],
  { id, settings }: { readonly id: string; readonly settings: CheckerSettings },
): Hex | undefined {
  const [kind, bytecode] = [findChecker(id), checkers[id]];
  return kind === undefined || bytecode === undefined
    ? undefined
    : encodeDeployData({ abi: kind.abi, bytecode, args: settings });
}

/** What makes a gate with these clauses; `exactCredits` 0 for any number (GATE-3). */
export function gateInitCode(
  bytecode: Hex,
  clauses: readonly (readonly Address[])[],
  exactCredits: bigint,
): Hex {
  return encodeDeployData({ abi: gateAbi, bytecode, args: [clauses, exactCredits] });
}

async function readGate(
  client: ReadClient,
  gate: Address,
  { openGate, creationCode }: Contracts,
): Promise<Parts["gate"]> {
  if (isAddressEqual(gate, openGate)) return { kind: "open" };
  const [clauses, exactCredits] = await Promise.all([
    readClauses(client, gate),
    client.readContract({
      address: gate,
      abi: gateAbi,
      functionName: "exactCredits",
      ...BOUNDED,
    }),
  ]).catch((error: unknown) => [unlessSilent(error), undefined] as const);
  if (clauses === undefined || exactCredits === undefined) return { kind: "foreign" };
  const isOwn = (address: Address, initCode: Hex | undefined) =>
    initCode !== undefined && isAddressEqual(create2Address(initCode), address);
  const addresses = clauses.map((all) => all.map(({ checker }) => checker));
  // All of it or nothing: a gate of this version's with one checker that is none lets in whom that one likes.
  return isOwn(gate, gateInitCode(creationCode.gate, addresses, exactCredits)) &&
    clauses.flat().every((one) => isOwn(one.checker, checkerInitCode(creationCode.checkers, one)))
    ? { kind: "clauses", exactCredits, clauses }
    : { kind: "foreign" };
}

async function readRegistry(
  client: ReadClient,
  registry: Address,
  { factory, creationCode }: Contracts,
): Promise<Parts["registry"]> {
  const at = { address: registry, abi: projectRegistryAbi, ...BOUNDED } as const;
  const answers = await Promise.all([
    client.readContract({ ...at, functionName: "firstOwner" }),
    client.readContract({ ...at, functionName: "freezeTime" }),
    client.readContract({ ...at, functionName: "number" }),
  ]).catch(unlessSilent);
  if (answers === undefined) return { kind: "foreign" };
  const [owner, freezeTime, number] = answers;
  const bytecode = encodeDeployData({
    abi: projectRegistryAbi,
    bytecode: creationCode.projectRegistry,
    args: [owner, freezeTime, number],
  });
  const derived = getContractAddress({
    opcode: "CREATE2",
    from: factory,
    salt: numberToHex(number, { size: 32 }),
    bytecode,
  });
  return isAddressEqual(derived, registry)
    ? { kind: "owned", owner, freezeTime }
    : { kind: "foreign" };
}
