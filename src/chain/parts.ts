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
import type { PayoutChoice } from "../payouts/rule.ts";
import { create2Address } from "./create2.ts";
import { payoutInitCodes, readPayoutChoice } from "./payout.ts";
import { identifyQualifier, type Qualifier } from "./qualifier.ts";
import { readClauses } from "./gate.ts";
import { gateAbi, optimisticRegistryAbi, projectRegistryAbi } from "./generated/abis.ts";
import { readOptimisticSettings, type OptimisticSettings } from "./applications.ts";
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
    | { readonly kind: "owned"; readonly owner: Address; readonly freezeTime: bigint }
    | ({ readonly kind: "optimistic" } & OptimisticSettings);
  readonly payoutRule:
    | { readonly kind: "none" | "foreign" }
    | ({
        readonly kind: "known";
        /** Who tells which projects can have a match, where the rule asks somebody. */
        readonly condition?: Qualifier;
      } & PayoutChoice);
};

/** Contracts whose creation code may be on its way still: the chain is asked meanwhile. */
export type ComingContracts = Omit<Contracts, "creationCode"> & {
  readonly creationCode: Contracts["creationCode"] | Promise<Contracts["creationCode"]>;
};

/** Asks what each part claims to be, and computes where the genuine one is: an answer that is not true makes it foreign, and nothing else. */
export async function readParts(
  client: ReadClient,
  config: Pick<RoundConfig, "gate" | "registry" | "payoutRule">,
  contracts: ComingContracts,
): Promise<Parts> {
  const [gate, registry, payoutRule] = await Promise.all([
    readGate(client, config.gate, contracts),
    identifyRegistry(client, config.registry, contracts),
    identifyPayoutRule(client, config.payoutRule, contracts),
  ]);
  return { gate, registry, payoutRule };
}

/** By its address, which follows from kind and arguments: a contract with the same views may answer them as it likes. */
export async function identifyPayoutRule(
  client: ReadClient,
  address: Address,
  { creationCode, payoutRules }: Pick<ComingContracts, "creationCode" | "payoutRules">,
): Promise<Parts["payoutRule"]> {
  if (address === zeroAddress) return { kind: "none" };
  for (const surplus of ["return", "pay"] as const)
    if (isAddressEqual(payoutRules[surplus], address))
      return { kind: "known", id: "quadratic", args: [surplus === "pay"] };
  const choice = await readPayoutChoice(client, address);
  const code = await creationCode;
  if (choice === undefined || !isMadeFrom(address, choice, code.payoutRules))
    return { kind: "foreign" };
  const { qualifier } = choice;
  if (qualifier === undefined) return { kind: "known", ...choice };
  const condition = await identifyQualifier(client, qualifier, code.reviews);
  return { kind: "known", ...choice, condition };
}

function isMadeFrom(
  address: Address,
  choice: PayoutChoice,
  bytecodes: Contracts["creationCode"]["payoutRules"],
): boolean {
  try {
    const initCode = payoutInitCodes(bytecodes, choice).at(-1);
    return initCode !== undefined && isAddressEqual(create2Address(initCode), address);
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
  { openGate, creationCode }: ComingContracts,
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
  const code = await creationCode;
  const isOwn = (address: Address, initCode: Hex | undefined) =>
    initCode !== undefined && isAddressEqual(create2Address(initCode), address);
  const addresses = clauses.map((all) => all.map(({ checker }) => checker));
  // All of it or nothing: a gate of this version's with one checker that is none lets in whom that one likes.
  return isOwn(gate, gateInitCode(code.gate, addresses, exactCredits)) &&
    clauses.flat().every((one) => isOwn(one.checker, checkerInitCode(code.checkers, one)))
    ? { kind: "clauses", exactCredits, clauses }
    : { kind: "foreign" };
}

/** By its address, which follows from what it tells of itself (PROV-4). */
export async function identifyRegistry(
  client: ReadClient,
  registry: Address,
  { factory, creationCode }: Pick<ComingContracts, "factory" | "creationCode">,
): Promise<Parts["registry"]> {
  const at = { address: registry, abi: projectRegistryAbi, ...BOUNDED } as const;
  const answers = await Promise.all([
    client.readContract({ ...at, functionName: "firstOwner" }),
    client.readContract({ ...at, functionName: "freezeTime" }),
    client.readContract({ ...at, functionName: "number" }),
  ]).catch(unlessSilent);
  if (answers === undefined) return readOptimisticRegistry(client, registry, creationCode);
  const [owner, freezeTime, number] = answers;
  const { projectRegistry } = await creationCode;
  const bytecode = encodeDeployData({
    abi: projectRegistryAbi,
    bytecode: projectRegistry,
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

/** What makes an optimistic registry with these settings (REG-3). */
export const optimisticInitCode = (bytecode: Hex, settings: OptimisticSettings): Hex =>
  encodeDeployData({ abi: optimisticRegistryAbi, bytecode, args: [settings] });

async function readOptimisticRegistry(
  client: ReadClient,
  registry: Address,
  creationCode: ComingContracts["creationCode"],
): Promise<Parts["registry"]> {
  const settings = await readOptimisticSettings(client, registry).catch(unlessSilent);
  const { optimisticRegistry } = await creationCode;
  return settings !== undefined &&
    isAddressEqual(create2Address(optimisticInitCode(optimisticRegistry, settings)), registry)
    ? { kind: "optimistic", ...settings }
    : { kind: "foreign" };
}
