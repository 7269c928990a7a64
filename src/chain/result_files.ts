import { formatUnits, isAddressEqual, type Address } from "viem";
import { PAYOUTS } from "../payouts/index.ts";
import { formatCsv } from "../readers/csv_text.ts";
import type { RoundEvent } from "./logs.ts";
import type { RoundConfig } from "./provenance.ts";
import type { ResultLine } from "./results.ts";
import type { TokenFacts } from "./token.ts";

/** A round with the tokens in which its amounts are written. */
export type PricedRound = {
  readonly settings: Pick<RoundConfig, "unit">;
  readonly token: Pick<TokenFacts, "decimals">;
  readonly poolToken: Pick<TokenFacts, "decimals">;
};

/** What of a project's result the files need. */
export type ResultEntry = Pick<ResultLine, "project" | "votes" | "credits" | "eligible">;

/** Who was to be paid, how much, and in which transaction; amounts in tokens. What is not paid yet has no match here: the payment fixes it. */
export function formatRecipients(
  { settings, token, poolToken }: PricedRound,
  {
    entries,
    events,
    nameOf,
    recipientOf,
  }: {
    readonly entries: readonly ResultEntry[];
    readonly events: readonly RoundEvent[];
    readonly nameOf: (project: number) => string;
    readonly recipientOf: (project: number) => Address | undefined;
  },
): string {
  const claims = new Map(
    events.flatMap((event) =>
      event.eventName === "Claimed" ? [[Number(event.args.project), event] as const] : [],
    ),
  );
  const lines = entries.map(({ project, votes, credits, eligible }) => {
    const claim = claims.get(project);
    const { given, shared, matched } = claim?.args ?? {};
    return [
      project,
      nameOf(project),
      recipientOf(project) ?? "",
      votes,
      credits,
      eligible,
      formatUnits(given ?? (eligible ? credits * settings.unit : 0n), token.decimals),
      shared === undefined ? "" : formatUnits(shared, token.decimals),
      matched === undefined ? "" : formatUnits(matched, poolToken.decimals),
      claim?.transactionHash ?? "",
    ];
  });
  return formatCsv(
    [
      "project",
      "name",
      "recipient",
      "votes",
      "credits",
      "eligible",
      "given",
      "shared",
      "matched",
      "transaction",
    ],
    lines,
  );
}

/** Every event of the round that moves its tokens, in chain order, and each account that pays or is paid; amounts in tokens. */
export function formatTransactions(
  { settings, token, poolToken }: PricedRound,
  {
    events,
    nameOf,
  }: { readonly events: readonly RoundEvent[]; readonly nameOf: (project: number) => string },
): string {
  const inToken = (units: bigint) => formatUnits(units, token.decimals);
  const inPool = (units: bigint) => formatUnits(units, poolToken.decimals);
  const credits = new Map<bigint, bigint>();
  const lines = events.flatMap((event): (readonly unknown[])[] => {
    const { eventName, blockNumber, transactionHash } = event;
    const row = (account: string, project: string, given: string, pool: string) => [
      [blockNumber, transactionHash, eventName, account, project, given, pool],
    ];
    if (eventName === "Contributed") {
      credits.set(event.args.tag, event.args.credits);
      return row(event.args.payer, "", inToken(event.args.credits * settings.unit), "");
    }
    if (eventName === "ToppedUp") {
      const before = credits.get(event.args.tag) ?? 0n;
      credits.set(event.args.tag, event.args.credits);
      return row("", "", inToken((event.args.credits - before) * settings.unit), "");
    }
    if (eventName === "Funded") return row(event.args.sponsor, "", "", inPool(event.args.amount));
    if (eventName === "Claimed") {
      const { recipient, matchRecipient, project, given, shared, matched } = event.args;
      const [name, gifts] = [nameOf(Number(project)), inToken(given + shared)];
      return isAddressEqual(recipient, matchRecipient)
        ? row(recipient, name, gifts, inPool(matched))
        : [...row(recipient, name, gifts, ""), ...row(matchRecipient, name, "", inPool(matched))];
    }
    if (eventName === "FeePaid") return row(event.args.to, "", "", inPool(event.args.amount));
    if (eventName === "RemainderPaid")
      return row(event.args.to, "", inToken(event.args.amount), inPool(event.args.poolAmount));
    if (eventName === "Refunded") return row(event.args.payer, "", inToken(event.args.amount), "");
    if (eventName === "SponsorRefunded")
      return row(event.args.sponsor, "", "", inPool(event.args.amount));
    return [];
  });
  return formatCsv(["block", "transaction", "event", "account", "project", "gifts", "pool"], lines);
}

/** What each kind of rule, with usual settings, would have made of the same pool; in the pool's token. */
export function formatOtherRules(
  { settings, poolToken }: Omit<PricedRound, "token">,
  {
    entries,
    available,
    nameOf,
  }: {
    readonly entries: readonly ResultEntry[];
    readonly available: bigint;
    readonly nameOf: (project: number) => string;
  },
): string {
  const eligible = entries.filter((entry) => entry.eligible);
  const round = { unit: settings.unit, available, projects: eligible };
  const rules = PAYOUTS.map((kind) => kind.rule(kind.usual(available)));
  return formatCsv(
    ["project", "name", "votes", "credits", ...PAYOUTS.map(({ id }) => id)],
    eligible.map(({ project, votes, credits }, place) => [
      project,
      nameOf(project),
      votes,
      credits,
      ...rules.map((rule) => formatUnits(rule.matchOf(round, place), poolToken.decimals)),
    ]),
  );
}
