import { getAddress, zeroAddress, type Address } from "viem";
import {
  DEFAULT_SETTINGS,
  encodeRoundDocument,
  FOLD_SIZES,
  isAcceptable,
  isInPrimeSubgroup,
  writeRoundDocument,
  type Point,
  type RoundSettings,
  type TokenFacts,
} from "../../../../src/index.ts";
import { isTypedAddress, parseDecimal } from "../../format.ts";
import type { SiteChain } from "../../config/site.ts";

const DAY = 86_400;

/** The id of the rule that this version deploys; others stand at an address that the organiser gives. */
export const QUADRATIC = "quadratic";

/** What the organiser types; texts as they stand in the form. */
export type Draft = {
  readonly name: string;
  readonly description: string;
  readonly organiserName: string;
  readonly link: string;
  /** Who may take part, in words. */
  readonly rules: string;
  readonly start: string;
  readonly end: string;
  readonly token: string;
  readonly unit: string;
  readonly minContribution: string;
  readonly minTopUp: string;
  /** Empty for that of the contributions. */
  readonly poolToken: string;
  /** A kind of payout rule that this version knows, or "other". */
  readonly rule: string;
  /** Where a rule other than quadratic funding is. */
  readonly payoutRule: string;
  readonly surplus: "return" | "pay";
  readonly gate: string;
  readonly coordinator: string;
  readonly coordinatorKeyX: string;
  readonly coordinatorKeyY: string;
  readonly coordinatorFee: string;
  readonly messageFee: string;
  readonly tallyDays: string;
  readonly tallyMostDays: string;
  readonly guardian: string;
  readonly disputeHours: string;
  readonly cancelHours: string;
  readonly remainderTo: string;
  readonly leftovers: "share" | "remainder";
  readonly size: string;
};

/** Two weeks from in an hour, a credit for a hundredth of a token, two weeks for the count. */
export function firstDraft(chain: SiteChain, now: number, organiser: Address | undefined): Draft {
  const coordinator = chain.coordinators?.[0];
  return {
    name: "",
    description: "",
    organiserName: "",
    link: "",
    rules: "",
    start: localTime(now + 3_600),
    end: localTime(now + 3_600 + 14 * DAY),
    token: chain.tokens?.[0] ?? "",
    unit: "0.01",
    minContribution: "1",
    minTopUp: "1",
    poolToken: "",
    rule: QUADRATIC,
    payoutRule: "",
    surplus: "return",
    gate: chain.contracts.openGate,
    coordinator: coordinator?.address ?? "",
    coordinatorKeyX: coordinator?.key.x ?? "",
    coordinatorKeyY: coordinator?.key.y ?? "",
    coordinatorFee: "0",
    messageFee: "0",
    tallyDays: "14",
    tallyMostDays: "0",
    guardian: "",
    disputeHours: "0",
    cancelHours: "24",
    remainderTo: organiser ?? "",
    leftovers: "share",
    size: "0",
  };
}

/** Seconds as `datetime-local` wants them, in the visitor's time zone. */
export function localTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const parseSeconds = (text: string): number => Math.floor(new Date(text).getTime() / 1000);
const integer = (text: string): bigint | undefined =>
  /^\d{1,20}$/.test(text.trim()) ? BigInt(text.trim()) : undefined;
const word = (text: string): bigint | undefined =>
  /^(0x[0-9a-f]{1,64}|\d{1,78})$/i.test(text.trim()) ? BigInt(text.trim()) : undefined;

export type DraftProblem = {
  readonly [field in keyof Draft]?:
    | "number"
    | "address"
    | "time"
    | "key"
    | "guardian"
    | "ownJudge"
    | "tallyMost"
    | "token"
    | "name"
    | "link"
    | "tooLong";
};

const MAY_BE_ZERO: ReadonlySet<string> = new Set(["cancelHours", "tallyMostDays", "disputeHours"]);

/** The round's document as the form has it (META-4). @throws DocumentContentError, DocumentFormError */
export function writeAbout(
  { name, description, organiserName, link, rules }: Draft,
  nonce: string,
): Uint8Array {
  const filled = (text: string) => (text.trim() === "" ? undefined : text.trim());
  const organiser = filled(organiserName);
  return encodeRoundDocument(
    writeRoundDocument(
      {
        name: name.trim(),
        description: filled(description),
        contentURI: filled(link),
        rules: filled(rules),
        organiser: organiser === undefined ? undefined : { name: organiser },
      },
      nonce,
    ),
  );
}

function aboutProblem(draft: Draft): DraftProblem {
  if (draft.name.trim() === "" || draft.name.trim().length > 100) return { name: "name" };
  if (draft.link.trim() !== "" && !/^https:\/\/[^\s]+$/.test(draft.link.trim()))
    return { link: "link" };
  try {
    writeAbout(draft, "0".repeat(32));
    return {};
  } catch {
    return { description: "tooLong" };
  }
}

/** Guardian and window are both given or neither, and nobody judges its own count. `hours` in thousandths. */
function guardianProblem(
  { guardian, coordinator }: Draft,
  hours: bigint | undefined,
): DraftProblem {
  const named = guardian.trim();
  if (named !== "" && !isTypedAddress(named)) return { guardian: "address" };
  if (named !== "" && named.toLowerCase() === coordinator.trim().toLowerCase())
    return { guardian: "ownJudge" };
  if (hours !== undefined && (named === "" || named === zeroAddress) !== (hours === 0n))
    return { guardian: "guardian" };
  return {};
}

/** The draft as the factory takes it, but for the registry; or what is wrong with it. */
export function parseSettings(
  draft: Draft,
  {
    chain,
    token,
    poolToken,
    organiser,
    now,
  }: {
    chain: SiteChain;
    token: TokenFacts | undefined;
    poolToken: TokenFacts | undefined;
    organiser: Address;
    now: number;
  },
): { readonly problems: DraftProblem; readonly settings?: Omit<RoundSettings, "registry"> } {
  const [start, end] = [parseSeconds(draft.start), parseSeconds(draft.end)];
  const decimals = token?.decimals ?? 18;
  const poolIs = draft.poolToken.trim();
  const isPlain = draft.rule === QUADRATIC;
  const amounts = {
    unit: parseDecimal(draft.unit, decimals),
    coordinatorFee: parseDecimal(draft.coordinatorFee, poolToken?.decimals ?? 18),
    messageFee: parseDecimal(draft.messageFee, chain.currency.decimals),
  };
  const counts = {
    minContribution: integer(draft.minContribution),
    minTopUp: integer(draft.minTopUp),
    tallyDays: parseDecimal(draft.tallyDays, 3),
    tallyMostDays: parseDecimal(draft.tallyMostDays, 3),
    disputeHours: parseDecimal(draft.disputeHours, 3),
    cancelHours: parseDecimal(draft.cancelHours, 3),
  };
  const key: Point = { x: word(draft.coordinatorKeyX) ?? 0n, y: word(draft.coordinatorKeyY) ?? 0n };
  const addresses = ["token", "gate", "coordinator", "remainderTo"] as const;
  const problems: DraftProblem = {
    ...aboutProblem(draft),
    ...(Number.isFinite(start) && Number.isFinite(end) && start < end && end > now
      ? {}
      : { end: "time" as const }),
    ...(amounts.unit === undefined || amounts.unit === 0n ? { unit: "number" as const } : {}),
    ...(amounts.coordinatorFee === undefined ? { coordinatorFee: "number" as const } : {}),
    ...(amounts.messageFee === undefined ? { messageFee: "number" as const } : {}),
    ...Object.fromEntries(
      Object.entries(counts)
        .filter(([name, value]) => value === undefined || (!MAY_BE_ZERO.has(name) && value === 0n))
        .map(([name]) => [name, "number" as const]),
    ),
    ...Object.fromEntries(
      addresses
        .filter((name) => !isTypedAddress(draft[name]))
        .map((name) => [name, "address" as const]),
    ),
    ...(token === undefined && isTypedAddress(draft.token) ? { token: "token" as const } : {}),
    ...(poolIs !== "" && !isTypedAddress(poolIs)
      ? { poolToken: "address" as const }
      : poolToken === undefined && poolIs !== ""
        ? { poolToken: "token" as const }
        : {}),
    ...(isPlain || isTypedAddress(draft.payoutRule) ? {} : { payoutRule: "address" as const }),
    ...(counts.tallyMostDays !== undefined &&
    counts.tallyMostDays !== 0n &&
    counts.tallyMostDays < (counts.tallyDays ?? 0n)
      ? { tallyMostDays: "tallyMost" as const }
      : {}),
    ...guardianProblem(draft, counts.disputeHours),
    // The contract checks that the key is usable; that it is in the prime subgroup only a client can.
    ...(isAcceptable(key) && isInPrimeSubgroup(key) ? {} : { coordinatorKeyX: "key" as const }),
  };
  if (Object.keys(problems).length > 0) return { problems };
  return {
    problems,
    settings: {
      ...DEFAULT_SETTINGS,
      organiser,
      coordinator: getAddress(draft.coordinator.trim()),
      coordinatorKeyX: key.x,
      coordinatorKeyY: key.y,
      token: getAddress(draft.token.trim()),
      poolToken: getAddress(poolIs === "" ? draft.token.trim() : poolIs),
      shareLeftovers: draft.leftovers === "share",
      unit: amounts.unit as bigint,
      start: BigInt(start),
      end: BigInt(end),
      tallyBase: Number(((counts.tallyDays as bigint) * BigInt(DAY)) / 1000n),
      tallyMost: Number(((counts.tallyMostDays as bigint) * BigInt(DAY)) / 1000n),
      guardian: draft.guardian.trim() === "" ? zeroAddress : getAddress(draft.guardian.trim()),
      disputeWindow: Number(((counts.disputeHours as bigint) * 3600n) / 1000n),
      cancelNotice: Number(((counts.cancelHours as bigint) * 3600n) / 1000n),
      gate: getAddress(draft.gate.trim()),
      payoutRule: isPlain
        ? chain.contracts.payoutRules[draft.surplus]
        : getAddress(draft.payoutRule.trim()),
      remainderTo: getAddress(draft.remainderTo.trim()),
      coordinatorFee: amounts.coordinatorFee as bigint,
      messageFee: amounts.messageFee as bigint,
      minContribution: counts.minContribution as bigint,
      minTopUp: counts.minTopUp as bigint,
      size: Math.min(Number(draft.size), FOLD_SIZES.length - 1),
    },
  };
}
