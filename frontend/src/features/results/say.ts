import type { TFunction } from "i18next";
import { countText, shareText } from "../../format.ts";
import { allOf, descending, giftsOf, tellAmount, worthOf, type Outcome } from "./outcome.ts";

type Row = Outcome["rows"][number];

/** What happened, in at most three sentences: who gave, what came of it, and who gets most. Each is true of the numbers as the chain has them. */
export function sayResult(
  t: TFunction,
  outcome: Outcome,
  nameRow: (row: Row) => string,
): readonly string[] {
  return [sayGifts(t, outcome), ...sayProjects(t, outcome), ...sayMost(t, outcome, nameRow)];
}

function sayGifts(t: TFunction, outcome: Outcome): string {
  const { gifts, hasGifts, results } = outcome;
  if (gifts === 0) return t("results.said.nobodyGave");
  const number = countText(gifts);
  if (!hasGifts) return t("results.said.accounts", { count: gifts, number });
  const { accounts, shown } = results;
  const amount = tellAmount(outcome, "token", accounts.contributions.all, shown.contributions.all);
  return t("results.said.gifts", { count: gifts, number, amount });
}

function sayProjects(t: TFunction, outcome: Outcome): readonly string[] {
  const { eligible, hasGifts, hasPool, results } = outcome;
  const { accounts, shown } = results;
  const count = eligible.length;
  const number = countText(count);
  if (count === 0) {
    const amount = tellAmount(outcome, "poolToken", accounts.pool.sponsors, shown.pool.sponsors);
    return [
      t("results.said.nothing"),
      ...(accounts.pool.sponsors > 0n ? [t("results.said.back", { amount })] : []),
    ];
  }
  const all = allOf(outcome);
  const given = tellAmount(
    outcome,
    "token",
    all.gifts,
    shown.contributions.projects + shown.shared,
  );
  const match = tellAmount(outcome, "poolToken", all.match, shown.pool.projects);
  const pool = tellAmount(outcome, "poolToken", accounts.pool.all, shown.pool.all);
  // Of what many projects get together, not each need get some.
  const matched = eligible.filter((row) => row.matched > 0n).length;
  const some = countText(matched);
  if (hasGifts && hasPool) {
    if (matched === 0) return [t("results.said.projectsGivenOnly", { count, number, given, pool })];
    return [
      matched === count
        ? t("results.said.projects", { count, number, given, match, pool })
        : t("results.said.projectsGivenSome", { number, given, some, match, pool }),
    ];
  }
  if (hasGifts) return [t("results.said.projectsGiven", { count, number, given })];
  if (hasPool) {
    if (matched === 0) return [t("results.said.projectsMatchNone", { pool })];
    return [
      matched === count
        ? t("results.said.projectsMatch", { count, number, match, pool })
        : t("results.said.projectsMatchSome", { number, some, match, pool }),
    ];
  }
  return [t("results.said.projectsVotes", { count, number })];
}

function sayMost(t: TFunction, outcome: Outcome, nameRow: (row: Row) => string): readonly string[] {
  const { eligible, hasPool } = outcome;
  const worth = worthOf(outcome);
  const [most = 0n] = eligible.map(worth.of).toSorted(descending);
  const first = eligible.filter((row) => worth.of(row) === most);
  const [one] = first;
  if (one === undefined) return [];
  const name = nameRow(one);
  const count = first.length;
  const number = countText(count);
  const isAll = count === eligible.length;
  if (worth.kind === "votes") {
    const votes = countText(most);
    if (isAll && count > 1) return [t("results.said.alikeVotes", { count, number, votes })];
    return [
      count === 1
        ? t("results.said.mostVotes", { name, votes })
        : t("results.said.mostVotesAlike", { count, number, votes }),
    ];
  }
  if (isAll && count === 1) return [t("results.said.only", { name })];
  const all = allOf(outcome);
  const [of, whole, shown] = {
    all: [
      hasPool ? "poolToken" : "token",
      all.gifts + all.match,
      giftsOf(one.shown) + one.shown.matched,
    ] as const,
    match: ["poolToken", all.match, one.shown.matched] as const,
    gifts: ["token", all.gifts, giftsOf(one.shown)] as const,
  }[worth.kind];
  // What is rounded so that a column adds up may differ by a last place between equals.
  const amount = tellAmount(outcome, of, most, count === 1 ? shown : most);
  const share = shareText(most, whole);
  const alike = { all: "alike", match: "alikeMatch", gifts: "alikeGifts" } as const;
  if (isAll) return [t(`results.said.${alike[worth.kind]}`, { count, number, amount })];
  const told = { all: "most", match: "mostMatch", gifts: "mostGifts" } as const;
  return [
    count === 1
      ? t(`results.said.${told[worth.kind]}`, { name, amount, share })
      : t(`results.said.${told[worth.kind]}Alike`, { count, number, amount }),
  ];
}
