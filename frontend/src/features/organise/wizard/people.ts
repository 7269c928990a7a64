import { getAddress, isHex, size } from "viem";
import {
  CHECKERS,
  findChecker,
  type AllowListEntry,
  type CheckerKind,
  type GatePlan,
} from "../../../../../src/index.ts";
import { isTypedAddress, parseDecimal, readLocalTime } from "../../../format.ts";
import type { ListDraft, Way } from "./draft.ts";
import type { WayFacts } from "./way_facts.ts";

/** The kinds of ways in that an organiser can choose. */
export const WAYS: readonly CheckerKind[] = [
  "merkle",
  "voucher",
  "semaphore",
  "eas",
  "erc721",
  "erc20-at-block",
  "votes",
  "sortition",
].flatMap((id) => CHECKERS.filter((kind) => kind.id === id));

/** A gate has so many clauses at most (GATE-3). */
export const MOST_WAYS = 4;

/** Of a checker's constructor: what has to be typed, as the rest follows from a list or is found on the chain. */
export type Setting = {
  readonly name: string;
  readonly form: "address" | "digest" | "time" | "count" | "amount" | "yesNo";
};

/** What follows from a list of accounts, or of members. */
const FROM_LIST: ReadonlySet<string> = new Set(["root", "count"]);
const TIMES: ReadonlySet<string> = new Set(["drawTime"]);
/** Amounts of the way's token. */
const AMOUNTS: ReadonlySet<string> = new Set(["unitsPerCredit"]);
/** What the page finds by itself, and what it needs for that. */
const FOUND: Readonly<Record<string, Setting>> = { slot: { name: "holder", form: "address" } };

export function listSettings(kind: CheckerKind): readonly Setting[] {
  const isListed = takesAccounts(kind) || takesMembers(kind);
  return inputsOf(kind)
    .filter(({ name }) => !isListed || !FROM_LIST.has(name))
    .map((input) => FOUND[input.name] ?? { name: input.name, form: formOf(input) });
}

export const takesAccounts = (kind: CheckerKind): boolean => kind.fromList !== undefined;
export const takesMembers = (kind: CheckerKind): boolean => kind.fromMembers !== undefined;

type Input = { readonly name: string; readonly type: string };

function formOf({ name, type }: Input): Setting["form"] {
  if (type === "address") return "address";
  if (type === "bytes32") return "digest";
  if (type === "bool") return "yesNo";
  return TIMES.has(name) ? "time" : AMOUNTS.has(name) ? "amount" : "count";
}

function inputsOf({ abi }: CheckerKind): readonly Input[] {
  const made = abi.find(({ type }) => type === "constructor") as
    | { readonly inputs: readonly Input[] }
    | undefined;
  return made?.inputs ?? [];
}

export type WayProblem =
  | "list"
  | "group"
  | "address"
  | "digest"
  | "number"
  | "amount"
  | "future"
  | "jury"
  | "credits"
  | "less"
  | "asking"
  | "noToken"
  | "noSlot"
  | "oldBlock"
  | "noService"
  | "noSchema"
  | "noPerson";

/** What ways are read with. */
export type WaysContext = {
  readonly now: number;
  /** The newest block; undefined until the chain has told it. */
  readonly block: bigint | undefined;
  /** Credits that everybody must have, or 0. */
  readonly exact: bigint;
  /** What the chain tells of them, by their ids. */
  readonly facts: ReadonlyMap<string, WayFacts>;
};

/** A chain knows the hashes of its last 8,191 blocks (EIP-2935); the rest is left for making the round. */
const KNOWN_BLOCKS = 7_000n;

/** What is wrong with a way, by field: `list`, `group`, `excluded`, or a setting's name. */
export function findWayProblems(
  way: Way,
  { now, exact, block, facts }: WaysContext,
): Readonly<Record<string, WayProblem>> {
  const kind = findChecker(way.kind);
  if (kind === undefined) return { kind: "list" };
  const problems: Record<string, WayProblem> = {};
  if (takesAccounts(kind) && (way.list?.entries.length ?? 0) === 0) problems["list"] = "list";
  if (way.list?.entries.some(([, credits]) => BigInt(credits) < exact) === true)
    problems["list"] = "credits";
  if (takesMembers(kind) && way.group === null) problems["group"] = "group";
  if (way.excluded?.entries.length === 0) problems["excluded"] = "list";
  for (const { name, form } of listSettings(kind)) {
    const problem = findFieldProblem(form, (way.fields[name] ?? "").trim(), now);
    if (problem !== undefined) problems[name] = problem;
  }
  if (problems["creditsEach"] === undefined && BigInt(way.fields["creditsEach"] ?? exact) < exact)
    problems["creditsEach"] = "less";
  if (
    way.kind === "sortition" &&
    problems["jury"] === undefined &&
    BigInt(way.fields["jury"] ?? "0") > BigInt(way.list?.entries.length ?? 0)
  )
    problems["jury"] = "jury";
  // What the chain has to say comes once there is something to ask it about.
  return { ...findFactProblems(way, problems, facts.get(way.id), block), ...problems };
}

function findFieldProblem(
  form: Setting["form"],
  text: string,
  now: number,
): WayProblem | undefined {
  switch (form) {
    case "address":
      return isTypedAddress(text) ? undefined : "address";
    case "digest":
      return isHex(text) && size(text) === 32 ? undefined : "digest";
    case "time":
      return readLocalTime(text) > now ? undefined : "future";
    case "amount":
      return (parseDecimal(text, MOST_DECIMALS) ?? 0n) > 0n ? undefined : "amount";
    case "count":
      return /^\d{1,18}$/.test(text) && BigInt(text) > 0n ? undefined : "number";
    case "yesNo":
      return undefined;
  }
}

const MOST_DECIMALS = 36;

function findFactProblems(
  { kind, fields }: Way,
  problems: Readonly<Record<string, WayProblem>>,
  facts: WayFacts | undefined,
  block: bigint | undefined,
): Readonly<Record<string, WayProblem>> {
  const isGood = (...names: readonly string[]) =>
    names.every((name) => problems[name] === undefined);
  if (kind === "erc20-at-block") {
    const chosen = isGood("blockNumber") ? BigInt((fields["blockNumber"] ?? "").trim()) : undefined;
    const old: Record<string, WayProblem> =
      block === undefined
        ? { blockNumber: "asking" }
        : chosen !== undefined && chosen + KNOWN_BLOCKS < block
          ? { blockNumber: "oldBlock" }
          : {};
    if (!isGood("token", "holder")) return old;
    if (facts?.kind !== kind) return { ...old, token: "asking" };
    if (facts.token === undefined) return { ...old, token: "noToken" };
    if (facts.slot === undefined) return { ...old, holder: "noSlot" };
    return isGood("unitsPerCredit") && unitsFor(fields, facts) === 0n
      ? { ...old, unitsPerCredit: "amount" }
      : old;
  }
  if (kind === "eas" && isGood("eas", "schema")) {
    if (facts?.kind !== kind) return { schema: "asking" };
    if (!facts.isService) return { eas: "noService" };
    if (facts.schema === undefined) return { schema: "noSchema" };
    // The first word of all else is the same for everybody, or few different ones: an offset, a truth, a small set.
    if (
      fields["personInData"] === "true" &&
      !/^\s*(bytes\d{1,2}|u?int\d*|address)\s/.test(facts.schema)
    )
      return { personInData: "noPerson" };
  }
  return {};
}

/** In the token's smallest unit; 0 for what it cannot tell. */
const unitsFor = (
  fields: Way["fields"],
  facts: Extract<WayFacts, { readonly kind: "erc20-at-block" }>,
): bigint =>
  parseDecimal((fields["unitsPerCredit"] ?? "").trim(), facts.token?.decimals ?? 0) ?? 0n;

/** By a list's entries and a checker's kind: the wizard reads its draft each second, and a long list's root takes longer than that. */
const derived = new WeakMap<ListDraft["entries"], Map<string, Readonly<Record<string, unknown>>>>();

/** What a checker of this kind is made with that follows from a list. */
function deriveFrom(kind: CheckerKind, list: ListDraft): Readonly<Record<string, unknown>> {
  const known = derived.get(list.entries) ?? new Map<string, Readonly<Record<string, unknown>>>();
  derived.set(list.entries, known);
  const found = known.get(kind.id) ?? kind.fromList?.(entriesOf(list)) ?? {};
  known.set(kind.id, found);
  return found;
}

const entriesOf = ({ entries }: ListDraft): readonly AllowListEntry[] =>
  entries.map(([account, credits]) => ({ account, credits: BigInt(credits) }));

/** The gate that lets in by any of these ways; they must be without problems. */
export function planGate(
  ways: readonly Way[],
  { exact, facts }: Pick<WaysContext, "exact" | "facts">,
): GatePlan {
  return {
    exactCredits: exact,
    clauses: ways.map((way) => [
      { id: way.kind, settings: settingsOf(way, facts.get(way.id)) },
      ...(way.excluded === null
        ? []
        : [{ id: "not-listed", settings: fromList("not-listed", way.excluded) }]),
      ...(way.plain ? [{ id: "plain-account", settings: [] }] : []),
    ]),
  };
}

function settingsOf(
  { kind: id, list, group, fields }: Way,
  facts: WayFacts | undefined,
): readonly unknown[] {
  const kind = findChecker(id) as CheckerKind;
  const listed = {
    ...(list === null ? {} : deriveFrom(kind, list)),
    ...group?.derived,
  };
  return inputsOf(kind).map((input) => {
    const { name } = input;
    const text = (fields[name] ?? "").trim();
    if (name in listed) return listed[name];
    if (facts?.kind === "erc20-at-block" && name === "slot") return facts.slot;
    if (facts?.kind === "erc20-at-block" && AMOUNTS.has(name)) return unitsFor(fields, facts);
    switch (formOf(input)) {
      case "address":
        return getAddress(text);
      case "digest":
        return text;
      case "yesNo":
        return text === "true";
      case "time":
        return BigInt(readLocalTime(text));
      default:
        return BigInt(text);
    }
  });
}

function fromList(id: string, list: ListDraft): readonly unknown[] {
  const kind = findChecker(id) as CheckerKind;
  const listed = deriveFrom(kind, list);
  return inputsOf(kind).map(({ name }) => listed[name]);
}

/** Lists that donors' proofs are made from, as the site has to show them beside the gate: the text of each. */
export const listsOf = (ways: readonly Way[]): readonly string[] =>
  ways.flatMap(({ list, group, excluded }) => [
    ...(list === null ? [] : [listCsv(list)]),
    ...(group === null ? [] : [["commitment", ...group.members].join("\n")]),
    ...(excluded === null ? [] : [listCsv(excluded)]),
  ]);

/** What an account may have that has no limit: no contribution can have more. */
export const MOST_CREDITS = (1n << 64n) - 1n;

/** Nothing stands for no limit: programs for tables round a number of twenty digits. */
const listCsv = ({ entries }: ListDraft): string =>
  [
    "account,credits",
    ...entries.map(
      ([account, credits]) => `${account},${BigInt(credits) === MOST_CREDITS ? "" : credits}`,
    ),
  ].join("\n");
