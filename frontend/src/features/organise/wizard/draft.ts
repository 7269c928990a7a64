import { bytesToHex, formatUnits, zeroAddress, type Address } from "viem";
import {
  dateOf,
  FOLD_SIZES,
  PAYOUTS,
  PRESETS,
  type Preset,
  type VoteQuestion,
} from "../../../../../src/index.ts";
import type { RoundText } from "../../../chain/metadata.ts";
import type { RoundFacts } from "../../../chain/reads.ts";
import { typedText } from "../../../donor/plan.ts";
import type { SiteChain } from "../../../config/site.ts";

const DAY = 86_400;

/** The steps of the wizard, in their order. */
export const STEPS = [
  "preset",
  "about",
  "dates",
  "money",
  "people",
  "projects",
  "rule",
  "coordinator",
  "review",
] as const;
export type StepName = (typeof STEPS)[number];

/** Accounts with their credits, as a file or a text gave them. */
export type ListDraft = {
  /** The file's, or "" for a text that was pasted. */
  readonly name: string;
  readonly entries: readonly (readonly [account: Address, credits: string])[];
  /** What names among them stood for when they were looked up. */
  readonly names?: Names;
};

/** What names stood for when they were looked up: from then on the address counts. */
export type Names = Readonly<Record<string, Address>>;

/** The commitments of a group's members, in their order, as a file or a text gave them. */
export type GroupDraft = {
  /** The file's, or "" for a text that was pasted. */
  readonly name: string;
  readonly members: readonly string[];
  /** What the checker is made with, by the contract's names, as it follows from the members. */
  readonly derived: Readonly<Record<string, string>>;
};

/** One way to come in: all of its conditions together. */
export type Way = {
  /** Tells it apart from the others while it is edited. */
  readonly id: string;
  /** Of a checker. */
  readonly kind: string;
  /** Where the kind takes one. */
  readonly list: ListDraft | null;
  /** Where the kind takes one. */
  readonly group: GroupDraft | null;
  /** Its other settings as they were typed, by the names that the contract has for them. */
  readonly fields: Readonly<Record<string, string>>;
  /** Accounts that may not come in this way. */
  readonly excluded: ListDraft | null;
  /** Only accounts without code. */
  readonly plain: boolean;
};

export type ProjectDraft = {
  readonly name: string;
  /** Empty for an option of a vote that pays nothing: then the organiser's account stands there. */
  readonly recipient: Address | "";
  /** The name that the recipient was looked up by. */
  readonly called?: string;
  readonly description: string;
  readonly category: string;
  readonly goals: readonly number[];
  readonly url: string;
};

/** A number that voters push up or down, as it was typed. */
export type NumberDraft = {
  /** Tells it apart from the others while it is edited. */
  readonly id: string;
  readonly title: string;
  readonly start: string;
  /** By which one vote moves it. */
  readonly step: string;
  readonly min: string;
  readonly max: string;
  /** Such as °C; may be empty. */
  readonly unit: string;
};

/** What the organiser has said so far; texts as they stand in the form. Plain JSON, all of which is going to be public. */
export type Draft = {
  /** Of PRESETS; "" until one is chosen. */
  readonly preset: string;
  readonly step: StepName;
  readonly name: string;
  readonly description: string;
  readonly organiserName: string;
  readonly contact: string;
  readonly link: string;
  /** Who may take part, in words. */
  readonly rules: string;
  /** As `datetime-local` has them, in the organiser's time zone. */
  readonly start: string;
  readonly end: string;
  readonly tallyDays: string;
  readonly tallyMostDays: string;
  readonly cancelDays: string;
  /** Whether donors give money, or have credits for nothing. */
  readonly paid: boolean;
  readonly token: string;
  readonly smallest: string;
  /** Credits that the smallest gift buys. */
  readonly fineness: string;
  readonly pool: "same" | "other" | "none";
  readonly poolToken: string;
  /** Credits that everybody has where nobody pays. */
  readonly credits: string;
  readonly against: boolean;
  readonly who: "open" | "ways" | "gate";
  readonly ways: readonly Way[];
  /** A gate that is there already. */
  readonly gate: string;
  readonly projects: readonly ProjectDraft[];
  /** Whether the organiser decides about projects, or silence accepts whoever leaves a bond. */
  readonly listing: "owner" | "bond";
  /** Who rules about what is challenged; empty for the organiser's own account. */
  readonly arbiter: string;
  /** In the chain's coin. */
  readonly bond: string;
  readonly challengeDays: string;
  readonly rulingDays: string;
  readonly acceptDays: string;
  readonly mostOpen: string;
  /** Whether the organiser may have matches paid elsewhere, as instalments need it. */
  readonly setsPayees: boolean;
  /** When the list of projects is final. */
  readonly freezeAt: "start" | "end";
  /** In place of projects, where numbers are voted on. */
  readonly numbers: readonly NumberDraft[];
  /** A kind of payout rule, or "other" for one at an address. */
  readonly rule: string;
  /** Settings of the rule, by their names. */
  readonly ruleTexts: Readonly<Record<string, string>>;
  readonly payoutRule: string;
  /** Whether a panel decides which projects can have a match. */
  readonly hasPanel: boolean;
  readonly reviewers: ListDraft | null;
  readonly quorum: string;
  /** Until when it may speak; empty for the end of the round. */
  readonly reviewUntil: string;
  readonly leftovers: "share" | "remainder";
  /** Empty for the organiser's own account. */
  readonly remainderTo: string;
  /** Whether the coordinator is one that this site does not name. */
  readonly isOtherCoordinator: boolean;
  readonly coordinator: string;
  /** Its public key as x,y. */
  readonly coordinatorKey: string;
  readonly coordinatorFee: string;
  readonly messageFee: string;
  readonly guardian: string;
  readonly disputeDays: string;
  readonly size: string;
  /** Makes this round's document one of a kind, and so finds its round again after a crash. */
  readonly nonce: string;
  /** The round, once it is made. */
  readonly made: string;
  /** Of names in the fields for addresses. */
  readonly names: Names;
  /** A transaction of which it was not known what became of it, as JSON; else empty. */
  readonly unsettled: string;
};

const SIZE = {
  small: FOLD_SIZES.findIndex(({ name }) => name === "small"),
  large: FOLD_SIZES.findIndex(({ name }) => name === "large"),
};

/** Two weeks from the next full hour that is a day away, which leaves time to fill a pool; the first of the site's coordinators and tokens. */
export function firstDraft(chain: SiteChain, now: number): Draft {
  const coordinator = chain.coordinators?.[0];
  const start = Math.ceil((now + DAY) / 3_600) * 3_600;
  return {
    preset: "",
    step: "preset",
    name: "",
    description: "",
    organiserName: "",
    contact: "",
    link: "",
    rules: "",
    start: localTime(start),
    end: localTime(start + 14 * DAY),
    tallyDays: "14",
    tallyMostDays: "0",
    cancelDays: "1",
    paid: true,
    token: chain.tokens?.[0] ?? "",
    smallest: "1",
    fineness: "100",
    pool: "same",
    poolToken: "",
    credits: "100",
    against: false,
    who: "open",
    ways: [],
    gate: "",
    projects: [],
    listing: "owner",
    arbiter: "",
    bond: "",
    challengeDays: "3",
    rulingDays: "3",
    acceptDays: "1",
    mostOpen: "500",
    setsPayees: false,
    freezeAt: "end",
    numbers: [],
    rule: "quadratic",
    ruleTexts: {},
    payoutRule: "",
    hasPanel: false,
    reviewers: null,
    quorum: "",
    reviewUntil: "",
    leftovers: "share",
    remainderTo: "",
    isOtherCoordinator: coordinator === undefined,
    coordinator: coordinator?.address ?? "",
    coordinatorKey: coordinator === undefined ? "" : `${coordinator.key.x},${coordinator.key.y}`,
    coordinatorFee: "0",
    messageFee: "0",
    guardian: "",
    disputeDays: "0",
    size: String(SIZE.large),
    nonce: newNonce(),
    made: "",
    names: {},
    unsettled: "",
  };
}

export const newNonce = (): string =>
  bytesToHex(crypto.getRandomValues(new Uint8Array(16))).slice(2);

export const newWay = (): Way => ({
  id: newNonce(),
  kind: "merkle",
  list: null,
  group: null,
  fields: {},
  excluded: null,
  plain: false,
});

export const newNumber = (): NumberDraft => ({
  id: newNonce(),
  title: "",
  start: "",
  step: "",
  min: "",
  max: "",
  unit: "",
});

/** Whether numbers are voted on, and no projects. */
export const asksNumbers = ({ preset }: Pick<Draft, "preset">): boolean => preset === "number-vote";

/** Whether voters say what they want, and nobody is paid: then there are options, and no recipients. */
export const isVote = (draft: Pick<Draft, "preset" | "pool" | "paid">): boolean =>
  asksNumbers(draft) || (draft.pool === "none" && !draft.paid);

/** Whether projects come in by applications that silence accepts: options of a vote have nobody who would apply. */
export const acceptsBySilence = (
  draft: Pick<Draft, "preset" | "pool" | "paid" | "listing">,
): boolean => draft.listing === "bond" && !isVote(draft);

export const findPreset = (id: string): Preset | undefined =>
  PRESETS.find((preset) => preset.id === id);

/** Questions that a kind of round leaves no choice about. */
export const isWithout = (draft: Draft, what: Preset["without"][number]): boolean =>
  findPreset(draft.preset)?.without.includes(what) ?? false;
const needs = (preset: Preset, what: Preset["needs"][number]["one"][number]): boolean =>
  preset.needs.some(({ one }) => one.includes(what));

/** A kind of round's usual settings; what the organiser has said of this round itself stays. */
export function applyPreset(draft: Draft, preset: Preset): Draft {
  const { settings } = preset;
  const days = (seconds: number | undefined, usual: string) =>
    seconds === undefined ? usual : String(seconds / DAY);
  const paid = !preset.without.includes("token");
  const known = needs(preset, "allowList");
  return {
    ...draft,
    preset: preset.id,
    tallyDays: days(settings.tallyBase, "14"),
    tallyMostDays: days(settings.tallyMost, "0"),
    cancelDays: days(settings.cancelNotice, "1"),
    disputeDays: days(settings.disputeWindow, "0"),
    guardian: needs(preset, "guardian") ? draft.guardian : "",
    paid,
    pool: preset.without.includes("poolToken") ? "none" : paid ? "same" : "other",
    poolToken: paid || draft.poolToken !== "" ? draft.poolToken : draft.token,
    credits: String(settings.exactCredits ?? 100n),
    against: settings.allowSigns ?? false,
    who: known ? "ways" : "open",
    ways: known && draft.ways.length === 0 ? [newWay()] : draft.ways,
    numbers:
      preset.id === "number-vote" && draft.numbers.length === 0 ? [newNumber()] : draft.numbers,
    rule: settings.rule ?? "quadratic",
    ruleTexts: {
      ...(settings.cap === undefined ? {} : { cap: settings.cap }),
      ...(settings.surplus === undefined ? {} : { surplus: settings.surplus }),
    },
    leftovers: settings.leftovers ?? "share",
    size: String(preset.id === "experiment" ? SIZE.small : SIZE.large),
  };
}

/** Seconds as `datetime-local` wants them, in the visitor's time zone. */
export function localTime(seconds: number): string {
  const date = dateOf(seconds);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The numbers of a vote, as they would be typed; undefined where it asks something else, which is no question of the wizard's. */
function numbersLike(questions: readonly VoteQuestion[]): readonly NumberDraft[] | undefined {
  const numbers = questions.flatMap((question, i) =>
    question.kind === "number" && question.option === i ? [question] : [],
  );
  if (numbers.length === 0 || numbers.length < questions.length) return undefined;
  return numbers.map(({ title, unit, decimals, ...values }) => {
    const text = (value: bigint) => formatUnits(value, decimals);
    const { start, step, min, max } = values;
    return {
      ...{ id: newNonce(), title, unit },
      ...{ start: text(start), step: text(step), min: text(min), max: text(max) },
    };
  });
}

/**
 * Another round like one that there is: the same settings, as long, from the next full hour on, with the same numbers to vote on. Its projects
 * apply anew.
 */
export function draftLike(
  { settings, token, poolToken, parts }: RoundFacts,
  text: RoundText | undefined,
  {
    chain,
    now,
    questions,
  }: {
    readonly chain: SiteChain;
    readonly now: number;
    /** What it asks; none where it is no vote. */
    readonly questions: readonly VoteQuestion[];
  },
): Draft {
  const numbers = numbersLike(questions);
  const first = firstDraft(chain, now);
  const start = Math.ceil((now + DAY) / 3_600) * 3_600;
  const days = (seconds: number | bigint) => String(Number(seconds) / DAY);
  const key = `${settings.coordinatorKeyX},${settings.coordinatorKeyY}`;
  const listed = chain.coordinators?.some(
    (one) => one.address === settings.coordinator && `${one.key.x},${one.key.y}` === key,
  );
  const { payoutRule: rule, gate, registry } = parts;
  const panel = rule.kind === "known" ? rule.condition : undefined;
  const isOpen = gate.kind === "open";
  return {
    ...first,
    preset: numbers === undefined ? "like" : "number-vote",
    numbers: numbers ?? [],
    step: "about",
    name: text?.name ?? "",
    description: text?.description ?? "",
    organiserName: text?.organiser?.name ?? "",
    contact: text?.organiser?.contact ?? "",
    link: text?.url ?? "",
    rules: text?.rules ?? "",
    start: localTime(start),
    end: localTime(start + Number(settings.end - settings.start)),
    tallyDays: days(settings.tallyBase),
    tallyMostDays: days(settings.tallyMost),
    cancelDays: days(settings.cancelNotice),
    disputeDays: days(settings.disputeWindow),
    guardian: settings.guardian === zeroAddress ? "" : settings.guardian,
    paid: settings.token !== zeroAddress,
    token: settings.token === zeroAddress ? "" : settings.token,
    smallest: typedText(settings.minContribution * settings.unit, token.decimals),
    fineness: String(settings.minContribution),
    pool:
      settings.poolToken === zeroAddress
        ? "none"
        : settings.poolToken === settings.token
          ? "same"
          : "other",
    poolToken: settings.poolToken === zeroAddress ? "" : settings.poolToken,
    credits: gate.kind === "clauses" ? String(gate.exactCredits) : first.credits,
    against: settings.allowSigns,
    who: isOpen ? "open" : "gate",
    gate: isOpen ? "" : settings.gate,
    ...(registry.kind === "optimistic"
      ? {
          listing: "bond" as const,
          arbiter: registry.arbiter === settings.organiser ? "" : registry.arbiter,
          bond: formatUnits(registry.bond, chain.currency.decimals),
          challengeDays: days(registry.challengePeriod),
          rulingDays: days(registry.rulingPeriod),
          acceptDays: days(registry.acceptPeriod),
          mostOpen: String(registry.mostOpen),
          setsPayees: registry.payeeSetter !== zeroAddress,
          freezeAt: registry.freezeTime > settings.start ? ("end" as const) : ("start" as const),
        }
      : {}),
    ...(panel?.kind === "reviews"
      ? {
          hasPanel: true,
          reviewers: {
            name: "",
            entries: panel.reviewers.map((account) => [account, "1"] as const),
          },
          quorum: String(panel.quorum),
        }
      : {}),
    rule: rule.kind === "known" ? rule.id : rule.kind === "foreign" ? "other" : "quadratic",
    ruleTexts: rule.kind === "known" ? tellAsTexts(rule, poolToken.decimals) : {},
    payoutRule: rule.kind === "foreign" ? settings.payoutRule : "",
    leftovers: settings.shareLeftovers ? "share" : "remainder",
    remainderTo:
      settings.shareLeftovers && settings.remainderTo === settings.organiser
        ? ""
        : settings.remainderTo,
    isOtherCoordinator: listed !== true,
    coordinator: settings.coordinator,
    coordinatorKey: key,
    coordinatorFee: typedText(settings.coordinatorFee, poolToken.decimals),
    messageFee: typedText(settings.messageFee, chain.currency.decimals),
    size: String(settings.size),
  };
}

/** A rule's arguments as they would be typed. */
function tellAsTexts(
  { id, args }: { readonly id: string; readonly args: Parameters<(typeof PAYOUTS)[0]["tell"]>[0] },
  decimals: number,
): Record<string, string> {
  const kind = PAYOUTS.find((one) => one.id === id);
  const told = kind?.tell(args) ?? [];
  return Object.fromEntries(
    (kind?.settings ?? []).map(({ name, form }, i) => {
      const value = told[i] as bigint | boolean | readonly bigint[];
      if (form === "surplus") return [name, value === true ? "pay" : "return"];
      if (form === "percent") return [name, `${formatUnits(value as bigint, 2)}%`];
      if (form === "amount") return [name, typedText(value as bigint, decimals)];
      if (form === "tiers")
        return [
          name,
          (value as readonly bigint[])
            .flatMap((size, i, all) =>
              i % 2 === 0 ? [`${size}x${typedText(all[i + 1] as bigint, decimals)}`] : [],
            )
            .join("; "),
        ];
      return [name, String(value)];
    }),
  );
}

/** Fields that a round can do without. */
const OPTIONAL: readonly (keyof Draft)[] = [
  ...(["description", "rules", "link", "organiserName", "contact"] as const),
  ...(["guardian", "reviewUntil", "arbiter"] as const),
];

/** Whether a field may stay empty, and so says it. */
export const mayStayEmpty = (draft: Draft, name: keyof Draft): boolean =>
  OPTIONAL.includes(name) || (name === "remainderTo" && draft.leftovers === "share");
