import { zeroAddress, type Address } from "viem";
import type { Parts } from "../chain/parts.ts";
import type { Contracts, RoundConfig } from "../chain/provenance.ts";
import { findChecker } from "../gates/index.ts";

/** What no verification can tell, in plain words: of what the organiser chose, of the node, of the keys (PROV-6). */
export function listLimits(
  config: RoundConfig,
  { gate, registry, payoutRule }: Parts,
  { development }: Contracts,
): readonly string[] {
  return [
    ...gateLimits(gate, config.gate),
    registry.kind === "owned"
      ? `whether projects are what they say: the registry's owner approved them, before the end`
      : `the registry ${config.registry}: this version's factory did not make it, and its code may change; even after the end it can name other projects and payout addresses`,
    ...(payoutRule.kind === "foreign"
      ? [
          `the payout rule ${config.payoutRule}: it is none of this version's, its code may change, and its answers were taken as they are`,
        ]
      : []),
    ...[...new Set([config.token, config.poolToken])]
      .filter((token) => token !== zeroAddress)
      .map(
        (token) =>
          `the token ${token}: its makers may be able to stop transfers, or to change balances`,
      ),
    "that the RPC shows the chain's real state: ask a second one, or your own node",
    ...(development
      ? []
      : ["that the makers of the verifying keys threw their secrets away: see the keys' ceremony"]),
  ];
}

function gateLimits(gate: Parts["gate"], address: Address): readonly string[] {
  if (gate.kind === "open") return ["that donors are different people: the gate admits everyone"];
  if (gate.kind !== "clauses")
    return [
      `the gate ${address}: it is none of this version's, its code may change, and who may contribute is its decision`,
    ];
  const { clauses } = gate;
  const each = clauses.flat().flatMap(({ id, settings }) => findChecker(id)?.trust(settings) ?? []);
  return [
    ...new Set(each),
    ...(clauses.length > 1
      ? [
          `that nobody came in by several of the gate's ${clauses.length} ways: each tells apart only those whom it knows itself`,
        ]
      : []),
  ];
}
