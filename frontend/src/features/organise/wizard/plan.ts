import { formatUnits, getAddress, pad, zeroAddress, type Address, type Hex } from "viem";
import {
  DEFAULT_SETTINGS,
  digestDocument,
  encodeProjectDocument,
  encodeRoundDocument,
  FOLD_SIZES,
  isAcceptable,
  isInPrimeSubgroup,
  applicationsUntil,
  locateChecker,
  locateGate,
  locatePayoutRule,
  locateReviews,
  parsePart,
  PAYOUTS,
  toReference,
  writeProjectDocument,
  writeRoundDocument,
  type GatePlan,
  type OptimisticSettings,
  type Panel,
  type PayoutChoice,
  type Point,
  type RoundSettings,
  type TokenFacts,
} from "../../../../../src/index.ts";
import type { WholeChain } from "../../../config/site.ts";
import { isTypedAddress, parseDecimal, readLocalTime } from "../../../format.ts";
import { withAddresses } from "./named.ts";
import { readPrizes } from "../../../prizes.ts";
import {
  acceptsBySilence,
  asksNumbers,
  type Draft,
  type ProjectDraft,
  type StepName,
} from "./draft.ts";
import { findWayProblems, planGate, type WaysContext } from "./people.ts";
import type { WayFacts } from "./way_facts.ts";

const DAY = 86_400;

/** What is wrong with a draft: by field (`ways.0.list` for a way's), the name of a sentence. */
export type Problems = Readonly<Record<string, string>>;

/** A round as it would be made. */
export type Plan = {
  readonly settings: Omit<RoundSettings, "registry">;
  /** What has to be made for it, unless it is there. */
  readonly gate: GatePlan | undefined;
  /** Its checkers that go by balances at a block: what was held then has to be pinned once the block is past. */
  readonly balances: readonly {
    readonly checker: Address;
    readonly block: bigint;
    /** Whether it is past once the gate is made. */
    readonly isDue: boolean;
  }[];
  /** Who decides which projects can have a match. */
  readonly panel: Panel | undefined;
  /** Of a registry in which silence accepts; undefined for one of the organiser's. */
  readonly registry: OptimisticSettings | undefined;
  readonly payout: PayoutChoice | undefined;
  readonly about: Uint8Array;
  readonly projects: readonly {
    readonly recipient: Address;
    readonly metadataURI: string;
    readonly document: Uint8Array;
  }[];
};

/** What the draft is read with. */
export type PlanFacts = {
  readonly chain: WholeChain;
  readonly token: TokenFacts | undefined;
  readonly poolToken: TokenFacts | undefined;
  /** Undefined until a wallet is connected: the rest of the draft can be read without. */
  readonly organiser: Address | undefined;
  /** What the chain tells of ways in, by their ids. */
  readonly wayFacts: ReadonlyMap<string, WayFacts>;
  /** The newest block; undefined until the chain has told it. */
  readonly block: bigint | undefined;
  readonly now: number;
};

/** On which step a field is mended. */
export function stepOf(field: string): StepName {
  const [name = ""] = field.split(".");
  return (Object.entries(FIELDS).find(([, names]) => names.includes(name))?.[0] ??
    "review") as StepName;
}

const FIELDS: Readonly<Partial<Record<StepName, readonly string[]>>> = {
  preset: ["preset"],
  about: ["name", "description", "organiserName", "contact", "link", "rules"],
  dates: ["start", "end", "tallyDays", "tallyMostDays", "cancelDays"],
  money: ["token", "smallest", "fineness", "pool", "poolToken", "credits"],
  people: ["who", "ways", "gate"],
  projects: [
    "projects",
    "numbers",
    "arbiter",
    "bond",
    "challengeDays",
    "rulingDays",
    "acceptDays",
    "mostOpen",
    "freezeAt",
  ],
  rule: ["rule", "ruleTexts", "payoutRule", "reviewers", "quorum", "reviewUntil", "remainderTo"],
  coordinator: [
    "coordinator",
    "coordinatorKey",
    "coordinatorFee",
    "messageFee",
    "guardian",
    "disputeDays",
  ],
};

/** Days to the thousandth, in seconds. */
function parseDays(text: string): number | undefined {
  const thousandths = parseDecimal(text, 3);
  return thousandths === undefined ? undefined : Math.round((Number(thousandths) * DAY) / 1000);
}
const parseCount = (text: string): bigint | undefined =>
  /^\d{1,18}$/.test(text.trim()) && BigInt(text.trim()) > 0n ? BigInt(text.trim()) : undefined;

/** A public key as coordinators send it: both coordinates, decimal or hexadecimal, with anything between that is no digit. */
export function parseKey(text: string): Point | undefined {
  const words = text.match(/0x[0-9a-f]{1,64}|\d{1,78}/gi) ?? [];
  if (words.length !== 2) return undefined;
  const key = { x: BigInt(words[0] as string), y: BigInt(words[1] as string) };
  // The contract checks that the key is usable; that it is in the prime subgroup only a client can.
  return isAcceptable(key) && isInPrimeSubgroup(key) ? key : undefined;
}

const filled = (text: string): string | undefined => (text.trim() === "" ? undefined : text.trim());

/** A number that is voted on has so many decimals at most, and is below this. */
const DECIMALS = 6;
const TOO_LARGE = 10n ** 9n;

/** What was typed as a number, as amounts are read, with a sign: a plain decimal, or undefined. */
function readDecimal(text: string): string | undefined {
  const [, sign = "", digits = ""] = /^\s*([-−－]?)(.*)$/.exec(text) ?? [];
  const units = parseDecimal(digits, DECIMALS);
  if (units === undefined || units >= TOO_LARGE * 10n ** BigInt(DECIMALS)) return undefined;
  return `${sign === "" ? "" : "-"}${formatUnits(units, DECIMALS)}`;
}
const readNumber = (text: string): number => Number(readDecimal(text) ?? Number.NaN);
/** As many as the longest of them has. */
const countDecimals = (texts: readonly string[]): number =>
  Math.max(...texts.map((text) => readDecimal(text)?.split(".")[1]?.length ?? 0));

/** The questions of a vote on numbers (VOTE-1): each is about the project at its place. */
function listQuestions(draft: Draft) {
  if (!asksNumbers(draft)) return undefined;
  return draft.numbers.map(({ title, start, step, min, max, unit }, option) => ({
    kind: "number" as const,
    title: title.trim(),
    option,
    start: readNumber(start),
    step: readNumber(step),
    min: readNumber(min),
    max: readNumber(max),
    decimals: countDecimals([start, step, min, max]),
    ...(unit.trim() === "" ? {} : { unit: unit.trim() }),
  }));
}

function numberProblems(draft: Draft): Problems {
  if (!asksNumbers(draft)) return {};
  if (draft.numbers.length === 0) return { projects: "numbers" };
  const problems: Record<string, string> = {};
  for (const [i, { title, ...texts }] of draft.numbers.entries()) {
    if (title.trim() === "") problems[`numbers.${i}.title`] = "title";
    for (const name of ["start", "step", "min", "max"] as const)
      if (Number.isNaN(readNumber(texts[name]))) problems[`numbers.${i}.${name}`] = "decimal";
    const [start, min, max] = [texts.start, texts.min, texts.max].map(readNumber) as [
      number,
      number,
      number,
    ];
    if (readNumber(texts.step) <= 0) problems[`numbers.${i}.step`] = "step";
    if (start < min || start > max) problems[`numbers.${i}.start`] = "bounds";
  }
  return problems;
}

/** The round's document (META-4). @throws DocumentContentError, DocumentFormError */
export function writeAbout(draft: Draft): Uint8Array {
  const name = filled(draft.organiserName);
  const contact = filled(draft.contact);
  return encodeRoundDocument(
    writeRoundDocument(
      {
        name: draft.name.trim(),
        description: filled(draft.description),
        contentURI: filled(draft.link),
        rules: filled(draft.rules),
        vote: listQuestions(draft),
        organiser:
          name === undefined ? undefined : { name, ...(contact === undefined ? {} : { contact }) },
      },
      draft.nonce,
    ),
  );
}

/** What is on the list from the first moment: the projects, or one for each number that is voted on. */
const listedIn = (draft: Draft): readonly ProjectDraft[] =>
  acceptsBySilence(draft)
    ? []
    : asksNumbers(draft)
      ? draft.numbers.map(({ title }) => ({
          name: title.trim(),
          recipient: "",
          description: "",
          category: "",
          goals: [],
          url: "",
        }))
      : draft.projects;

function writeProject(
  { name, recipient, description, category, goals, url }: ProjectDraft,
  organiser: Address,
) {
  const document = encodeProjectDocument(
    writeProjectDocument({
      name,
      description: filled(description),
      category: filled(category),
      sdgs: goals.length === 0 ? undefined : [...goals],
      contentURI: filled(url),
    }),
  );
  return {
    recipient: recipient === "" ? organiser : recipient,
    document,
    metadataURI: toReference(digestDocument(document)),
  };
}

function aboutProblems(draft: Draft): Problems {
  if (draft.name.trim() === "" || draft.name.trim().length > 100) return { name: "name" };
  if (draft.link.trim() !== "" && !/^https:\/\/[^\s]+$/.test(draft.link.trim()))
    return { link: "link" };
  if (draft.contact.trim() !== "" && draft.organiserName.trim() === "")
    return { organiserName: "organiserName" };
  try {
    writeAbout(draft);
    return {};
  } catch {
    return { description: "tooLong" };
  }
}

/** The seconds that a draft names, with what is wrong with them. */
function readTimes(draft: Draft, now: number) {
  const [start, end] = [readLocalTime(draft.start), readLocalTime(draft.end)];
  const days = {
    tallyDays: parseDays(draft.tallyDays),
    tallyMostDays: parseDays(draft.tallyMostDays),
    cancelDays: parseDays(draft.cancelDays),
    // Without a guardian nobody asks for its days.
    disputeDays: draft.guardian.trim() === "" ? 0 : parseDays(draft.disputeDays),
  };
  const problems: Problems = {
    ...(Number.isFinite(start) ? {} : { start: "time" }),
    ...(Number.isFinite(end) ? {} : { end: "time" }),
    ...(end <= start ? { end: "order" } : {}),
    ...(Number.isFinite(end) && end <= now ? { end: "past" } : {}),
    ...Object.fromEntries(
      Object.entries(days)
        .filter(([name, value]) => value === undefined || (name === "tallyDays" && value < 3_600))
        .map(([name, value]) => [name, value === undefined ? "number" : "tallyShort"]),
    ),
  };
  const [least, most] = [days.tallyDays ?? 0, days.tallyMostDays ?? 0];
  return {
    start,
    end,
    ...days,
    problems: most !== 0 && most < least ? { ...problems, tallyMostDays: "tallyMost" } : problems,
  };
}

function readMoney(draft: Draft, { chain, token, poolToken }: PlanFacts) {
  const poolAt = { same: draft.token, other: draft.poolToken, none: "" }[draft.pool].trim();
  const poolFacts = draft.pool === "same" ? token : poolToken;
  const smallest = parseDecimal(draft.smallest, token?.decimals ?? 18);
  const fineness = parseCount(draft.fineness);
  const unit =
    smallest === undefined || fineness === undefined || smallest % fineness !== 0n
      ? undefined
      : smallest / fineness;
  const fees = {
    coordinatorFee: parseDecimal(draft.coordinatorFee, poolFacts?.decimals ?? 18),
    messageFee: parseDecimal(draft.messageFee, chain.currency.decimals),
  };
  const credits = parseCount(draft.credits);
  const isToken = (text: string, facts: TokenFacts | undefined) =>
    !isTypedAddress(text) ? "address" : facts === undefined ? "token" : undefined;
  const problems: Record<string, string> = {};
  if (draft.paid) {
    const wrong = isToken(draft.token, token);
    if (wrong !== undefined) problems["token"] = wrong;
    if (smallest === undefined) problems["smallest"] = "number";
    else if (smallest === 0n) problems["smallest"] = "positive";
    if (fineness === undefined) problems["fineness"] = "count";
    else if (smallest !== undefined && smallest > 0n && unit === undefined)
      problems["fineness"] = "tooFine";
  } else if (credits === undefined) problems["credits"] = "count";
  const wrongPool = draft.pool === "other" ? isToken(draft.poolToken, poolToken) : undefined;
  if (wrongPool !== undefined) problems["poolToken"] = wrongPool;
  for (const [name, value] of Object.entries(fees))
    if (value === undefined) problems[name] = "number";
  return { poolAt, poolFacts, unit, fineness, credits, ...fees, problems };
}

function readRule(draft: Draft, decimals: number, hasPool: boolean) {
  const problems: Record<string, string> = {};
  let choice: PayoutChoice | undefined;
  if (!hasPool) return { problems, choice };
  if (draft.rule === "other") {
    if (!isTypedAddress(draft.payoutRule)) problems["payoutRule"] = "address";
    return { problems, choice };
  }
  const kind = PAYOUTS.find(({ id }) => id === draft.rule);
  if (kind === undefined) return { problems: { rule: "rule" }, choice };
  const texts = Object.fromEntries(
    kind.settings.map(({ name, initial }) => [
      name,
      filled(draft.ruleTexts[name] ?? "") ?? initial,
    ]),
  );
  if (kind.id === "tiers") {
    const reading = readPrizes(texts["tiers"] ?? "", decimals);
    if ("problem" in reading)
      return { problems: { "ruleTexts.tiers": `prizes_${reading.problem}` }, choice };
    const { prizes } = reading;
    choice = {
      id: kind.id,
      args: [prizes.map(({ size }) => size), prizes.map(({ prize }) => prize)],
    };
    return { problems, choice };
  }
  try {
    choice = {
      id: kind.id,
      args: kind.argsFrom(texts, (text) => {
        const units = parseDecimal(text, decimals);
        if (units === undefined) throw new RangeError(text);
        return units;
      }),
    };
  } catch {
    const wrong = kind.settings.find(({ name, form }) => !fits(form, texts[name], decimals));
    problems[wrong === undefined ? "rule" : `ruleTexts.${wrong.name}`] =
      wrong === undefined ? "settings" : `form_${wrong.form}`;
  }
  return { problems, choice };
}

/** Whether a text can stand for a setting of this form at all: to tell which of several is wrong. */
function fits(form: string, text: string | undefined, decimals: number): boolean {
  if (text === undefined) return false;
  if (form === "percent") return (parsePart(text) ?? 0n) > 0n;
  if (form === "amount") return parseDecimal(text, decimals) !== undefined;
  if (form === "count") return text === "" || /^\d{1,9}$/.test(text);
  return true;
}

/** What donors leave goes to the organiser only where that is said in so many words. */
function remainderProblems({ remainderTo, leftovers }: Draft): Problems {
  if (remainderTo.trim() === "") return leftovers === "share" ? {} : { remainderTo: "remainder" };
  return isTypedAddress(remainderTo) ? {} : { remainderTo: "address" };
}

/** A guardian has a window, and nobody judges its own count. */
function guardianProblems({ guardian, coordinator }: Draft, window: number | undefined): Problems {
  const named = guardian.trim();
  if (named !== "" && !isTypedAddress(named)) return { guardian: "address" };
  if (named !== "" && named.toLowerCase() === coordinator.trim().toLowerCase())
    return { guardian: "ownJudge" };
  if (named !== "" && window === 0) return { disputeDays: "guardian" };
  return {};
}

/** Tells apart what is alike in all else; the same for as long as this draft is. */
const draftSalt = ({ nonce }: Draft): Hex => pad(`0x${nonce}`, { size: 32 });

/** Who may be in a panel at most (REVIEW-1). */
const MOST_REVIEWERS = 15;

/** The panel that decides about matches; `end` is the round's. */
function readPanel(
  draft: Draft,
  { end, now, hasPool }: { readonly end: number; readonly now: number; readonly hasPool: boolean },
): { readonly problems: Problems; readonly panel?: Panel } {
  if (!draft.hasPanel || !hasPool || draft.rule === "other") return { problems: {} };
  const reviewers = draft.reviewers?.entries.map(([account]) => account) ?? [];
  const quorum = parseCount(draft.quorum);
  const until = filled(draft.reviewUntil) === undefined ? end : readLocalTime(draft.reviewUntil);
  const problems: Record<string, string> = {};
  if (reviewers.length === 0) problems["reviewers"] = "reviewers";
  else if (reviewers.length > MOST_REVIEWERS) problems["reviewers"] = "manyReviewers";
  if (quorum === undefined || quorum > BigInt(reviewers.length)) problems["quorum"] = "quorum";
  if (!Number.isFinite(until)) problems["reviewUntil"] = "time";
  else if (until <= now) problems["reviewUntil"] = "past";
  else if (until > end) problems["reviewUntil"] = "lateReviews";
  if (quorum === undefined || Object.keys(problems).length > 0) return { problems };
  const panel = { reviewers, quorum, freezeTime: BigInt(until), salt: draftSalt(draft) };
  return { problems, panel };
}

/** Time left for applying, at least, once the round is made. */
const LEAST_TO_APPLY = 3_600;

/** The registry in which silence accepts, where the round has one. */
export function readRegistry(
  draft: Draft,
  { chain, organiser = zeroAddress, now }: Pick<PlanFacts, "chain" | "organiser" | "now">,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly problems: Problems; readonly registry?: OptimisticSettings } {
  if (!acceptsBySilence(draft)) return { problems: {} };
  const arbiter = draft.arbiter.trim();
  const bond = parseDecimal(draft.bond, chain.currency.decimals);
  const days = {
    challengeDays: parseDays(draft.challengeDays),
    rulingDays: parseDays(draft.rulingDays),
    acceptDays: parseDays(draft.acceptDays),
  };
  const mostOpen = parseCount(draft.mostOpen);
  const freezeTime = draft.freezeAt === "start" ? start : end;
  const problems: Record<string, string> = {};
  if (arbiter !== "" && !isTypedAddress(arbiter)) problems["arbiter"] = "address";
  if (bond === undefined || bond === 0n) problems["bond"] = "bond";
  for (const [name, value] of Object.entries(days))
    if (value === undefined || value === 0) problems[name] = "days";
  if (mostOpen === undefined) problems["mostOpen"] = "count";
  if (Object.keys(problems).length > 0 || !Number.isFinite(freezeTime)) return { problems };
  const registry: OptimisticSettings = {
    arbiter: arbiter === "" ? organiser : getAddress(arbiter),
    bond: bond as bigint,
    freezeTime: BigInt(freezeTime),
    challengePeriod: BigInt(days.challengeDays as number),
    rulingPeriod: BigInt(days.rulingDays as number),
    acceptPeriod: BigInt(days.acceptDays as number),
    mostOpen: mostOpen as bigint,
    payeeSetter: draft.setsPayees && draft.pool !== "none" ? organiser : zeroAddress,
    nonce: draftSalt(draft),
  };
  return applicationsUntil(registry) < BigInt(now + LEAST_TO_APPLY)
    ? { problems: { freezeAt: "noTimeToApply" } }
    : { problems, registry };
}

function peopleProblems(draft: Draft, context: WaysContext): Problems {
  if (draft.who === "gate") return isTypedAddress(draft.gate) ? {} : { gate: "address" };
  if (draft.who === "open") return draft.paid ? {} : { who: "openVote" };
  if (draft.ways.length === 0) return { who: "noWay" };
  return Object.fromEntries(
    draft.ways.flatMap((way, i) =>
      Object.entries(findWayProblems(way, context)).map(([field, problem]) => [
        `ways.${i}.${field}`,
        `way_${problem}`,
      ]),
    ),
  );
}

function listBalances(
  code: WholeChain["contracts"]["creationCode"],
  gate: GatePlan | undefined,
  newest: bigint | undefined,
): Plan["balances"] {
  return (gate?.clauses.flat() ?? [])
    .filter(({ id }) => id === "erc20-at-block")
    .map((one) => {
      const block = one.settings[2] as bigint;
      const isDue = newest !== undefined && block <= newest;
      return { checker: locateChecker(code, one), block, isDue };
    });
}

/** The draft as a round, or what is wrong with it. */
export function parsePlan(
  typed: Draft,
  facts: PlanFacts,
): { readonly problems: Problems; readonly plan?: Plan } {
  const draft = withAddresses(typed);
  const { chain, organiser = zeroAddress, now } = facts;
  const times = readTimes(draft, now);
  const money = readMoney(draft, facts);
  const hasPool = draft.pool !== "none";
  const rule = readRule(draft, money.poolFacts?.decimals ?? 18, hasPool);
  const exact = draft.paid ? 0n : (money.credits ?? 0n);
  const key = parseKey(draft.coordinatorKey);
  const remainder = draft.remainderTo.trim();
  const context: WaysContext = { now, exact, block: facts.block, facts: facts.wayFacts };
  const { panel, problems: panelProblems } = readPanel(draft, { end: times.end, now, hasPool });
  const { registry, problems: registryProblems } = readRegistry(draft, facts, times);
  const problems: Problems = {
    ...(draft.preset === "" ? { preset: "preset" } : {}),
    ...(Object.keys(numberProblems(draft)).length > 0
      ? aboutProblems({ ...draft, preset: "" })
      : aboutProblems(draft)),
    ...times.problems,
    ...money.problems,
    ...peopleProblems(draft, context),
    ...numberProblems(draft),
    ...registryProblems,
    ...(hasPool && listedIn(draft).some(({ recipient: to }) => to === "")
      ? { projects: "recipients" }
      : {}),
    ...rule.problems,
    ...panelProblems,
    ...remainderProblems(draft),
    ...(isTypedAddress(draft.coordinator) ? {} : { coordinator: "coordinator" }),
    ...(key === undefined ? { coordinatorKey: "key" } : {}),
    ...guardianProblems(draft, times.disputeDays),
  };
  if (Object.keys(problems).length > 0) return { problems };
  const { creationCode } = chain.contracts;
  const gate = draft.who === "ways" ? planGate(draft.ways, context) : undefined;
  const choice =
    rule.choice === undefined || panel === undefined
      ? rule.choice
      : { ...rule.choice, qualifier: locateReviews(creationCode, panel) };
  const isReady =
    choice === undefined ||
    (choice.id === "quadratic" && choice.args.length === 1 && choice.qualifier === undefined);
  return {
    problems,
    plan: {
      gate,
      balances: listBalances(creationCode, gate, facts.block),
      panel,
      registry,
      payout: isReady ? undefined : choice,
      about: writeAbout(draft),
      projects: listedIn(draft).map((project) => writeProject(project, organiser)),
      settings: {
        ...DEFAULT_SETTINGS,
        organiser,
        coordinator: getAddress(draft.coordinator.trim()),
        coordinatorKeyX: (key as Point).x,
        coordinatorKeyY: (key as Point).y,
        token: draft.paid ? getAddress(draft.token.trim()) : zeroAddress,
        poolToken: hasPool ? getAddress(money.poolAt) : zeroAddress,
        unit: draft.paid ? (money.unit as bigint) : 1n,
        minContribution: draft.paid ? (money.fineness as bigint) : 1n,
        start: BigInt(times.start),
        end: BigInt(times.end),
        tallyBase: times.tallyDays as number,
        tallyMost: times.tallyMostDays as number,
        cancelNotice: times.cancelDays as number,
        guardian: draft.guardian.trim() === "" ? zeroAddress : getAddress(draft.guardian.trim()),
        disputeWindow: times.disputeDays as number,
        gate:
          gate === undefined
            ? draft.who === "gate"
              ? getAddress(draft.gate.trim())
              : chain.contracts.openGate
            : locateGate(creationCode, gate),
        payoutRule: !hasPool
          ? zeroAddress
          : draft.rule === "other"
            ? getAddress(draft.payoutRule.trim())
            : isReady
              ? chain.contracts.payoutRules[choice?.args[0] === true ? "pay" : "return"]
              : locatePayoutRule(creationCode, choice),
        remainderTo: remainder === "" ? organiser : getAddress(remainder),
        shareLeftovers: draft.leftovers === "share",
        coordinatorFee: hasPool ? (money.coordinatorFee as bigint) : 0n,
        messageFee: money.messageFee as bigint,
        allowSigns: !draft.paid && draft.against,
        size: Math.min(Number(draft.size), FOLD_SIZES.length - 1),
      },
    },
  };
}
