import { zeroAddress } from "viem";
import { roundForReading } from "../../chain/readable_results.ts";
import type { RoundResults } from "../../chain/results.ts";
import { visibleText } from "../../readers/text.ts";
import { plainAmount } from "../input/amounts.ts";
import type { RoundSession } from "../session.ts";
import { facts, table } from "./output.ts";

/** The results of a round and where all its money goes; every column, and every sum under it, adds up as it is shown. */
export function showResults(
  { lines, accounts }: RoundResults,
  { token, poolToken, config }: Pick<RoundSession, "token" | "poolToken" | "config">,
): string[] {
  const { lines: shown, accounts: sums } = roundForReading(lines, accounts, { token, poolToken });
  const isOneToken = config.token === config.poolToken;
  const given = (units: bigint) => plainAmount(units, token, sums.places.token);
  const pooled = (units: bigint) => plainAmount(units, poolToken, sums.places.poolToken);
  const told = (exact: bigint, text: string) =>
    exact > 0n && /^[0.,]+$/.test(text) ? `less than ${text.replace(/.$/, "1")}` : text;
  const isShared = accounts.shared > 0n;
  const row = (line: { contributed: bigint; shared: bigint; matched: bigint }) => [
    given(line.contributed),
    ...(isShared ? [given(line.shared)] : []),
    pooled(line.matched),
    ...(isOneToken ? [given(line.contributed + line.shared + line.matched)] : []),
  ];
  const leftTo = isShared ? "shared among the projects" : `to ${config.remainderTo}`;
  const { contributions, pool } = sums;
  return [
    table(
      [
        "project",
        "votes",
        "given",
        ...(isShared ? ["shared"] : []),
        "matched",
        ...(isOneToken ? ["total"] : []),
        "",
      ],
      [
        ...lines.map(({ project, votes, eligible, claimed }, i) => [
          String(project),
          String(votes),
          ...row(shown[i] as (typeof shown)[number]),
          !eligible ? "not eligible" : claimed ? "paid" : "not claimed yet",
        ]),
        [
          "all projects",
          "",
          ...row({
            contributed: contributions.projects,
            shared: sums.shared,
            matched: pool.projects,
          }),
          "",
        ],
      ],
    ),
    "",
    ...facts([
      ...(config.token === zeroAddress
        ? []
        : ([
            ["contributions", `${given(contributions.all)} ${visibleText(token.symbol, 20)}`],
            ["  to projects", given(contributions.projects)],
            [
              "  spent on no project",
              `${told(accounts.contributions.unspent, given(contributions.unspent))}, ${leftTo}`,
            ],
            [
              "  for projects not eligible",
              `${told(accounts.contributions.ineligible, given(contributions.ineligible))}, ${leftTo}`,
            ],
          ] as const)),
      ...(config.poolToken === zeroAddress
        ? []
        : ([
            ["matching pool", `${pooled(pool.all)} ${visibleText(poolToken.symbol, 20)}`],
            ["  matches, to projects", pooled(pool.projects)],
            ["  fee", `${told(accounts.pool.fee, pooled(pool.fee))}, to the coordinator`],
            [
              "  surplus",
              `${told(accounts.pool.sponsors, pooled(pool.sponsors))}, back to the sponsors`,
            ],
            [
              "  left over",
              `${told(accounts.pool.rest, pooled(pool.rest))}, to ${config.remainderTo}`,
            ],
          ] as const)),
    ]),
  ];
}
