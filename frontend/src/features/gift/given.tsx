import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { isAddressEqual, type Address } from "viem";
import {
  allContributions,
  askGate,
  ContractRefusedError,
  type OwnContribution,
  type Pending,
} from "../../../../src/index.ts";
import { gateDataFor } from "../../chain/gate.ts";
import { readClient } from "../../chain/read_client.ts";
import { useHistory } from "../../chain/reads.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { useCart } from "../../donor/cart.ts";
import { amountText, shortAddress } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Notice, Placeholder } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { ChangeBallot } from "./change_ballot.tsx";
import { Compose } from "./compose.tsx";
import { Here } from "./here.tsx";

/** Why no credits can be added to a contribution: everybody has the same, the account has the most, or another account pays. */
export type NoMore = "exact" | "most" | "payer";

/**
 * Asks the gate whether it would take the smallest addition. A refusal for another reason says nothing of credits: what the gate wants is
 * asked for where money is added.
 */
function useNoMore(
  { facts }: RoundView,
  contribution: OwnContribution,
  account: Address,
): NoMore | undefined {
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const { settings } = facts;
  const credits = contribution.credits + settings.minTopUp;
  const isPayer = isAddressEqual(contribution.payer, account);
  const { data } = useQuery({
    queryKey: ["no more", facts.chainId, facts.address, String(contribution.tag), String(credits)],
    enabled: isPayer,
    retry: false,
    gcTime: 0,
    queryFn: async (): Promise<"exact" | "most" | null> => {
      const read = readClient(config, facts.chainId);
      const place = { round: facts.address, gate: settings.gate, payer: account, credits };
      const { tag } = contribution;
      try {
        const data = await gateDataFor(read, chain, { ...place, tag });
        await askGate(read, { ...place, tag, data });
      } catch (error) {
        const reason = error instanceof ContractRefusedError ? error.reason : "";
        if (reason === "NotExactCredits") return "exact";
        if (reason === "AboveLimit") return "most";
      }
      return null;
    },
  });
  return isPayer ? (data ?? undefined) : "payer";
}

/** What contributions come to, in the round's token. */
const givenText = (
  own: readonly OwnContribution[],
  { settings, token }: RoundView["facts"],
): string =>
  amountText(own.reduce((sum, { credits }) => sum + credits, 0n) * settings.unit, token, 6);

type Ways = {
  readonly onSealed: (pending: Pending) => void;
  /** Another tab has sealed a ballot of this round meanwhile. */
  readonly onElsewhere: () => void;
};

/** An account that has given: a new ballot, with more money where it takes more, and nothing of the old one. */
export function Given({
  view,
  own,
  plan,
  onAdded,
  ...ways
}: Ways & {
  view: RoundView;
  own: readonly OwnContribution[];
  /** Counts the plans that other tabs have made void. */
  plan: number;
  /** Money was added: what the account has given is read anew. */
  onAdded: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const { facts } = view;
  const { address } = useAccount();
  const [tag, setTag] = useState<bigint>();
  const [another, setAnother] = useState(false);
  const cart = useCart(facts);
  const chosen = own.find((one) => one.tag === tag) ?? own[0];
  if (chosen === undefined || address === undefined) return null;
  if (another)
    return (
      <>
        <Here next={t("here.anotherNext")}>
          {t("here.given", {
            account: shortAddress(address),
            amount: givenText(own, facts),
          })}
        </Here>
        <Compose
          key={address}
          view={view}
          onEncrypted={ways.onSealed}
          onElsewhere={ways.onElsewhere}
        />
        <Button look="quiet" className="mt-6 -ml-3" onClick={() => setAnother(false)}>
          {t("here.anotherNot")}
        </Button>
      </>
    );
  return (
    <>
      <Contribution
        key={`${address} ${chosen.tag} ${plan}`}
        view={view}
        own={own}
        chosen={chosen}
        account={address}
        onChoose={setTag}
        onAdded={onAdded}
        {...ways}
      />
      {/* Gates with checkers admit nobody twice. */}
      {facts.parts.gate.kind !== "clauses" && cart.lines.length > 0 && (
        <div className="mt-10 max-w-3xl border-t border-line pt-4">
          <Button look="quiet" className="-ml-3 text-left" onClick={() => setAnother(true)}>
            {t("here.another")}
          </Button>
        </div>
      )}
    </>
  );
}

/** A member for whom a relay contributed: no account leads there. */
export function MemberGiven({
  view,
  tag,
  onOther,
  ...ways
}: Ways & { view: RoundView; tag: bigint; onOther: () => void }) {
  const { t } = useTranslation();
  const { address } = useAccount();
  // All of the round's events, so that the node does not learn whose it is about.
  const history = useHistory(view.facts, 15_000);
  if (history.data === undefined)
    return history.error === null ? (
      <Placeholder label={t("common.loading")} />
    ) : (
      <ProblemNotice error={history.error} onRetry={() => void history.refetch()} />
    );
  const chosen = allContributions(history.data.history).find((one) => one.tag === tag);
  if (chosen === undefined || address === undefined)
    return <Notice title={t("change.member.missing")} />;
  return (
    <>
      <Contribution
        key={address}
        view={view}
        own={[chosen]}
        chosen={chosen}
        account={address}
        onChoose={() => undefined}
        onAdded={async () => void (await history.refetch())}
        {...ways}
      />
      <Button look="quiet" className="mt-8 -ml-3" onClick={onOther}>
        {t("common.cancel")}
      </Button>
    </>
  );
}

function Contribution({
  view,
  own,
  chosen,
  account,
  onChoose,
  ...ways
}: Ways & {
  view: RoundView;
  own: readonly OwnContribution[];
  chosen: OwnContribution;
  account: Address;
  onChoose: (tag: bigint) => void;
  onAdded: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const { facts } = view;
  const noMore = useNoMore(view, chosen, account);
  return (
    <div className="max-w-3xl">
      <Here
        next={
          <>
            {t("change.explain")}
            {noMore !== undefined && ` ${t(`here.noMore.${noMore}`)}`}
          </>
        }
      >
        {noMore === "payer"
          ? t("here.givenFor", { amount: givenText(own, facts) })
          : t("here.given", { account: shortAddress(account), amount: givenText(own, facts) })}
      </Here>
      {own.length > 1 && (
        <div className="mb-8">
          <SelectField
            label={t("change.which")}
            value={String(chosen.tag)}
            onChange={(event) => onChoose(BigInt(event.target.value))}
          >
            {own.map((one, i) => (
              <option key={String(one.tag)} value={String(one.tag)}>
                {t("change.nth", { n: i + 1, amount: givenText([one], facts) })}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      {view.isWhole ? (
        <ChangeBallot
          key={String(chosen.tag)}
          view={view}
          donor={account}
          contribution={chosen}
          noMore={noMore}
          {...ways}
        />
      ) : (
        <Placeholder label={t("common.loading")} />
      )}
    </div>
  );
}
