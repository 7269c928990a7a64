import { isAddressEqual, zeroAddress, type Address } from "viem";
import type { Editors } from "../chain/editors.ts";
import { tellNumbers, type ListChange, type ListChanges } from "../chain/list_changes.ts";
import type { Parts } from "../chain/parts.ts";
import type { Contracts, RoundConfig } from "../chain/provenance.ts";
import { findChecker } from "../gates/index.ts";

/** What no verification can tell, in plain words: of what the organiser chose, of the node, of the keys (PROV-6). */
export function listLimits(
  config: RoundConfig,
  { gate, registry, payoutRule }: Parts,
  { development }: Contracts,
  {
    editors,
    listChanges,
  }: {
    readonly editors: Editors | undefined;
    readonly listChanges?: ListChanges | undefined;
  },
): readonly string[] {
  return [
    ...gateLimits(gate, config.gate),
    ...(registry.kind === "optimistic"
      ? [
          `whether projects are what they say: nobody challenged them in time, or the arbiter ${registry.arbiter} ruled for them or was silent`,
          ...(registry.payeeSetter === zeroAddress
            ? []
            : [
                `whether matches are paid where projects want them: until the registry was frozen ${registry.payeeSetter} could name other payees`,
              ]),
        ]
      : []),
    ...(registry.kind === "owned" && editors !== undefined
      ? [
          `whether projects are what they say: before the freeze at second ${registry.freezeTime} these could add and withdraw them, and nobody could since: ${describeEditors(editors, listChanges)}`,
        ]
      : []),
    ...(registry.kind === "foreign"
      ? [
          `the registry ${config.registry}: this version's factory did not make it, and its code may change; even after the end it can name other projects and payout addresses`,
        ]
      : []),
    ...(payoutRule.kind === "foreign"
      ? [
          `the payout rule ${config.payoutRule}: it is none of this version's, its code may change, and its answers were taken as they are`,
        ]
      : []),
    ...qualifierLimits(payoutRule, config.end),
    ...[...new Set([config.token, config.poolToken])]
      .filter((token) => token !== zeroAddress)
      .map(
        (token) =>
          `the token ${token}: its makers may be able to stop transfers, or to change balances`,
      ),
    "that the RPC shows the chain's real state: ask a second one, or your own node",
    "what anyone voted: that stays sealed",
    "this program itself: whoever gave it to you chose what it checks, and by which keys",
    ...(development
      ? []
      : ["that the makers of the verifying keys threw their secrets away: see the keys' ceremony"]),
  ];
}

/** REG-4: all who could ever change the list, what each was at last, and what each did. */
function describeEditors({ owner, editors, ever }: Editors, changes?: ListChanges): string {
  const among = (all: readonly Address[], one: Address) =>
    all.some((it) => isAddressEqual(it, one));
  const told = ever.map((one) => {
    const change = changes?.by.find(({ account }) => isAddressEqual(account, one));
    const did = changes === undefined ? [] : [describeChange(change)];
    const was = isAddressEqual(one, owner)
      ? "owner"
      : among(editors, one)
        ? "editor"
        : "earlier owner or editor";
    return `${one} (${[was, ...did].join("; ")})`;
  });
  if (ever.length === 1) return told.join();
  const { added, withdrawn } = changes?.through ?? { added: [], withdrawn: [] };
  return [
    told.join(", "),
    ...(changes === undefined ? ["which of them did what, this RPC does not tell"] : []),
    ...(added.length + withdrawn.length === 0
      ? []
      : [`through other contracts, by one of them: ${describeChange({ added, withdrawn })}`]),
  ].join("; ");
}

function describeChange(change: Omit<ListChange, "account"> | undefined): string {
  const tell = (did: string, projects: readonly number[]) =>
    projects.length === 0 ? [] : [`${did} ${projects.length}: ${tellNumbers(projects)}`];
  const { added, withdrawn } = change ?? { added: [], withdrawn: [] };
  return [...tell("added", added), ...tell("withdrew", withdrawn)].join(", ") || "changed nothing";
}

/** PAYOUT-4: who decides which projects can have a match. */
function qualifierLimits(rule: Parts["payoutRule"], end: bigint): readonly string[] {
  const condition = rule.kind === "known" ? rule.condition : undefined;
  if (condition === undefined) return [];
  const { address, freezeTime } = condition;
  return [
    condition.kind === "reviews"
      ? `whether projects that have no match are worth none, and those that have one are: ${condition.reviewers.length} reviewers of ${address} said so, of whom ${condition.quorum} at least spoke of each`
      : `which projects can have a match: ${address} decides, which is none of this version's, and its code may change`,
    ...(freezeTime === undefined || freezeTime > end
      ? [
          `that nobody decided on matches with the result in sight: ${address} ${freezeTime === undefined ? "does not say when its answers are final" : `took words until second ${freezeTime}, after the end`}`,
        ]
      : []),
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
