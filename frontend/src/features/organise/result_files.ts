import { formatOtherRules, formatRecipients, formatTransactions } from "../../../../src/index.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { download, resultFile } from "../../download.ts";

const save = ({ facts, stage }: RoundView, what: string, content: string): void =>
  download(resultFile(facts, stage === "finalized", `-${what}.csv`), "text/csv", content);

export const saveRecipients = (
  view: RoundView,
  what: Omit<Parameters<typeof formatRecipients>[1], "recipientOf">,
): void => {
  const recipientOf = (project: number) => view.recipients[project];
  save(view, "recipients", formatRecipients(view.facts, { ...what, recipientOf }));
};
export const saveTransactions = (
  view: RoundView,
  what: Parameters<typeof formatTransactions>[1],
): void => save(view, "transactions", formatTransactions(view.facts, what));
export const saveOtherRules = (
  view: RoundView,
  what: Parameters<typeof formatOtherRules>[1],
): void => save(view, "rules", formatOtherRules(view.facts, what));
