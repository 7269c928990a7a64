import type { TFunction } from "i18next";
import {
  applicationsUntil,
  FOLD_SIZES,
  plainText,
  type OptimisticSettings,
  type Panel,
  type TokenFacts,
} from "../../../../../src/index.ts";
import type { SiteChain } from "../../../config/site.ts";
import {
  amountText,
  countText,
  durationText,
  readLocalTime,
  timeText,
  zoneName,
} from "../../../format.ts";
import { prizesOf, sumPrizes, type Prizes } from "../../../prizes.ts";
import { describeSettings } from "../../../rules.ts";
import { isAddressEqual, zeroAddress, type Address } from "viem";
import { asksNumbers, type Draft, type ListDraft, type StepName, type Way } from "./draft.ts";
import { MOST_CREDITS } from "./people.ts";
import type { Plan } from "./plan.ts";
import { votesFor } from "./steps.tsx";
import type { WayFacts } from "./way_facts.ts";

/** What one step comes to, in sentences. */
export type Told = { readonly step: StepName; readonly lines: readonly string[] };

/** The whole round as whoever makes it should have read it: of the plan, not of what was typed. */
export function tellPlan(
  t: TFunction,
  {
    draft,
    plan,
    chain,
    token,
    poolToken,
    wayFacts,
  }: {
    readonly draft: Draft;
    readonly plan: Plan;
    readonly chain: SiteChain;
    readonly token: TokenFacts | undefined;
    readonly poolToken: TokenFacts | undefined;
    readonly wayFacts: ReadonlyMap<string, WayFacts>;
  },
): readonly Told[] {
  const { settings } = plan;
  const pool = draft.pool === "same" ? token : poolToken;
  const lines: Partial<Record<StepName, readonly (string | false)[]>> = {
    about: [
      draft.organiserName.trim() === ""
        ? t("review.name", { name: draft.name.trim() })
        : t("review.nameBy", { name: draft.name.trim(), organiser: draft.organiserName.trim() }),
      draft.rules.trim() !== "" && t("review.rules", { rules: draft.rules.trim() }),
    ],
    dates: [
      t("review.open", {
        start: timeText(settings.start),
        end: timeText(settings.end),
        zone: zoneName(settings.start, settings.end),
        time: durationText(Number(settings.end - settings.start)),
      }),
      t("review.tally", {
        time: durationText(settings.tallyBase),
        each: durationText(settings.tallyPerItem),
      }),
      settings.tallyMost > 0 && t("review.tallyMost", { time: durationText(settings.tallyMost) }),
      t("review.noResult"),
      settings.cancelNotice > 0
        ? t("review.cancel", { time: durationText(settings.cancelNotice) })
        : t("review.cancelAtOnce"),
    ],
    money: [
      ...(draft.paid && token !== undefined
        ? [
            t("review.give", {
              symbol: token.symbol,
              smallest: amountText(settings.minContribution * settings.unit, token, 9),
            }),
            t("review.credit", {
              unit: amountText(settings.unit, token, 9),
              credits: countText(settings.minContribution),
              votes: countText(votesFor(settings.minContribution)),
            }),
          ]
        : [
            t("review.free", {
              credits: countText(BigInt(draft.credits)),
              votes: countText(votesFor(BigInt(draft.credits))),
            }),
            settings.allowSigns ? t("review.against") : t("review.noAgainst"),
          ]),
      settings.poolToken === zeroAddress || pool === undefined
        ? t("review.noPool")
        : t("review.pool", { symbol: pool.symbol }),
    ],
    people:
      draft.who === "open"
        ? [t("review.everybody"), t("wizard.people.openHelp")]
        : draft.who === "gate"
          ? [t("review.gate", { gate: settings.gate })]
          : [
              ...draft.ways.flatMap((way, i) => {
                const [first = "", ...rest] = tellWay(t, way, {
                  facts: wayFacts.get(way.id),
                  paid: draft.paid,
                });
                const number = countText(i + 1);
                return [
                  draft.ways.length === 1
                    ? first
                    : `${t("wizard.people.way", { number })}: ${first}`,
                  ...rest,
                ];
              }),
              draft.ways.length > 1 && t("wizard.people.several"),
            ],
    projects: asksNumbers(draft)
      ? draft.numbers.map(({ id: _, ...number }) => t("review.number", number).trim())
      : plan.registry !== undefined
        ? [...tellRegistry(t, plan.registry, chain, settings.organiser), t("wizard.projects.paid")]
        : [
            plan.projects.length === 0
              ? t("review.noProjects")
              : t("review.projects", { count: plan.projects.length }),
            (draft.paid || draft.pool !== "none") && t("wizard.projects.paid"),
          ],
    rule:
      settings.poolToken === zeroAddress || pool === undefined
        ? [t("review.noPool")]
        : [
            ...tellRule(t, draft, plan, pool),
            settings.shareLeftovers
              ? t("review.shared")
              : t("review.remainder", {
                  account: isAddressEqual(settings.remainderTo, settings.organiser)
                    ? t("review.yourAccount")
                    : settings.remainderTo,
                }),
          ],
    coordinator: [
      t("review.coordinator", {
        name: [
          ...(chain.coordinators ?? [])
            .filter(({ address }) => isAddressEqual(address, settings.coordinator))
            .map(({ name }) => name)
            .slice(0, 1),
          settings.coordinator,
        ].join(", "),
      }),
      settings.coordinatorFee > 0n && pool !== undefined
        ? t("review.fee", { amount: amountText(settings.coordinatorFee, pool, 9) })
        : t("review.noFee"),
      settings.messageFee > 0n &&
        t("review.messageFee", { amount: amountText(settings.messageFee, chain.currency, 9) }),
      settings.guardian === zeroAddress
        ? t("review.noGuardian")
        : t("review.guardian", {
            guardian: settings.guardian,
            time: durationText(settings.disputeWindow),
          }),
      t("review.size", { rows: countText(FOLD_SIZES[settings.size]?.rows ?? 0) }),
    ],
  };
  return Object.entries(lines).map(([step, said]) => ({
    step: step as StepName,
    lines: said.filter((line) => line !== false && line !== "") as string[],
  }));
}

function tellRegistry(
  t: TFunction,
  registry: OptimisticSettings,
  { currency }: SiteChain,
  organiser: Address,
): readonly string[] {
  const { arbiter, bond, challengePeriod, rulingPeriod, freezeTime, payeeSetter } = registry;
  return [
    t("review.bond", {
      bond: amountText(bond, currency, 9),
      time: timeText(applicationsUntil(registry)),
    }),
    t("review.challenge", {
      challenge: durationText(Number(challengePeriod)),
      ruling: durationText(Number(rulingPeriod)),
      arbiter: isAddressEqual(arbiter, organiser) ? t("review.yourAccount") : arbiter,
    }),
    t("review.freeze", { time: timeText(freezeTime) }),
    ...(isAddressEqual(payeeSetter, zeroAddress) ? [] : [t("review.setsPayees")]),
  ];
}

function tellPanel(t: TFunction, { reviewers, quorum, freezeTime }: Panel): readonly string[] {
  return [
    t("review.panel", {
      quorum: countText(quorum),
      count: reviewers.length,
      time: timeText(freezeTime),
    }),
    t("review.panelWho", { reviewers: reviewers.join(", ") }),
  ];
}

function tellWay(
  t: TFunction,
  way: Way,
  { facts, paid }: { readonly facts: WayFacts | undefined; readonly paid: boolean },
): readonly string[] {
  const { kind, list, group, fields, plain, excluded } = way;
  const said = t(`review.way.${kind}`, {
    ...fields,
    count: list?.entries.length ?? group?.members.length ?? 0,
    symbol: facts?.kind === "erc20-at-block" ? plainText(facts.token?.symbol ?? "", 20) : "",
    schemaText: facts?.kind === "eas" ? plainText(facts.schema ?? "", 200) : "",
    time: fields["drawTime"] === undefined ? "" : timeText(readLocalTime(fields["drawTime"])),
  });
  return [
    [
      said,
      // Where nobody pays, everybody has the same credits.
      ...(paid && list !== null ? [tellLimits(t, list)] : []),
      ...(kind === "eas"
        ? [fields["personInData"] === "true" ? t("review.easPerson") : t("review.easAccount")]
        : []),
      ...(plain ? [t("review.plain")] : []),
      ...(excluded === null ? [] : [t("review.excluded", { count: excluded.entries.length })]),
    ].join(" "),
    `${t("wizard.people.trusts")}: ${t(`wizard.way.${kind}.trusts`)}`,
    `${t("wizard.people.shows")}: ${t(`wizard.way.${kind}.shows`)}`,
  ];
}

/** How many of a list may give at most what stands beside them. */
function tellLimits(t: TFunction, { entries }: ListDraft): string {
  const count = entries.filter(([, credits]) => BigInt(credits) < MOST_CREDITS).length;
  return count === 0 ? t("review.noLimits") : t("review.limits", { count });
}

function tellRule(
  t: TFunction,
  draft: Draft,
  { payout, settings, projects, panel }: Plan,
  pool: TokenFacts,
): readonly string[] {
  if (draft.rule === "other") return [t("review.otherRule", { address: settings.payoutRule })];
  const surplus = draft.ruleTexts["surplus"] === "pay";
  const choice = payout ?? { id: "quadratic", args: [surplus] };
  const prizes = prizesOf(choice);
  const settingsText = describeSettings(t, choice, pool).join(" · ");
  return [
    `${t(`rules.${choice.id}.name`)}: ${t(`rules.${choice.id}.help`)}`,
    ...(prizes === undefined
      ? [settingsText.slice(0, 1).toUpperCase() + settingsText.slice(1)]
      : tellPrizes(t, prizes, { pool, projects: projects.length })),
    ...(panel === undefined ? [] : tellPanel(t, panel)),
  ];
}

/** What prizes there are and come to, and whether there are as many projects. */
export function tellPrizes(
  t: TFunction,
  prizes: readonly Prizes[],
  { pool, projects }: { readonly pool: TokenFacts; readonly projects: number },
): readonly string[] {
  const { places, amount } = sumPrizes(prizes);
  const told = {
    prizes: prizes
      .map(({ size, prize }) => `${countText(size)} × ${amountText(prize, pool, 6)}`)
      .join(", "),
    count: Number(places),
    places: countText(places),
    projects: countText(projects),
    all: amountText(amount, pool, 6),
  };
  return [
    t("review.prizes", told),
    ...(projects === 0 || places === BigInt(projects)
      ? []
      : [places > BigInt(projects) ? t("review.prizesMore", told) : t("review.prizesFewer", told)]),
  ];
}
