import i18n from "i18next";
import type { ReactNode } from "react";
import { I18nextProvider } from "react-i18next";
import { zeroAddress, type Address } from "viem";
import { useRound, type RoundFacts } from "../chain/reads.ts";

const OF_VOTES = ["vote", "translation"];
const OF_OPTIONS = ["option", ...OF_VOTES];

/**
 * What is inside speaks as the round asks for: where nobody pays, of votes and voters (i18n/vote.*.json), and where nobody is paid either, of
 * options in place of projects (i18n/option.*.json).
 */
export function Words({
  of,
  children,
}: {
  of: Pick<RoundFacts, "settings"> | undefined;
  children: ReactNode;
}) {
  return (
    <I18nextProvider
      i18n={i18n}
      {...(of?.settings.token === zeroAddress
        ? { defaultNS: of.settings.poolToken === zeroAddress ? OF_OPTIONS : OF_VOTES }
        : {})}
    >
      {children}
    </I18nextProvider>
  );
}

/** The same for a round by its address; undefined for none. With `project` it was opened, at that project's address where there is one. */
export function WordsAt({
  round,
  children,
}: {
  round:
    | { readonly chainId: number; readonly round: Address; readonly project?: number | undefined }
    | undefined;
  children: ReactNode;
}) {
  const opened = round !== undefined && "project" in round ? round : undefined;
  const { data } = useRound(
    round?.chainId ?? 0,
    round?.round ?? zeroAddress,
    opened && { project: opened.project },
  );
  return <Words of={data}>{children}</Words>;
}
