import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ChangeEvent } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { bytesToHex, type Address } from "viem";
import {
  createRegistry,
  createRound,
  digestDocument,
  FOLD_SIZES,
  PAYOUTS,
  publishDocuments,
  readToken,
} from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import { useNow } from "../../chain/reads.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSite, type SiteChain } from "../../config/site.ts";
import { countText, isTypedAddress, shortAddress, timeText } from "../../format.ts";
import { navigate, roundHref } from "../../router.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { Notice, PageTitle, Section } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import ChainNotice from "../../wallet/chain_notice.tsx";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { keepDraft, recallDraft } from "./kept_draft.ts";
import { firstDraft, parseSettings, QUADRATIC, writeAbout, type Draft } from "./settings.ts";

/** Every setting with what it means; two transactions, the second of which fixes all for good. */
export default function CreatePage() {
  const { t } = useTranslation();
  const { chains } = useSite();
  const [chainId, setChainId] = useState(chains[0]?.id as number);
  const chain = chains.find(({ id }) => id === chainId) as SiteChain;
  const { address } = useAccount();
  return (
    <>
      <PageTitle lead={t("create.lead")}>{t("create.title")}</PageTitle>
      {chains.length > 1 && (
        <div className="mb-8 max-w-sm">
          <SelectField
            label={t("create.chain")}
            value={chainId}
            onChange={(event) => setChainId(Number(event.target.value))}
          >
            {chains.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      <ChainNotice chain={chain} />
      <CreateForm key={chainId} chain={chain} organiser={address} />
    </>
  );
}

function CreateForm({ chain, organiser }: { chain: SiteChain; organiser: Address | undefined }) {
  const { t } = useTranslation();
  const config = useConfig();
  const { data: blockTime } = useQuery({
    queryKey: ["block time", chain.id],
    queryFn: async () => Number((await readClient(config, chain.id).getBlock()).timestamp),
  });
  const now = useNow(blockTime);
  const [draft, setDraft] = useState(() => recallDraft(chain.id));
  useEffect(() => keepDraft(chain.id, draft), [chain.id, draft]);
  const [reviewing, setReviewing] = useState(false);
  const [registry, setRegistry] = useState<Address>();
  /** What a try that went no further has published: a second one of the same words does not pay for them again. */
  const [described, setDescribed] = useState<Uint8Array>();
  const [choosing, setChoosing] = useState(false);
  const [tried, setTried] = useState(false);
  const first = firstDraft(chain, now, organiser);
  // Who gets the rest follows the account until somebody is named.
  const shown =
    draft === undefined ? first : { ...draft, remainderTo: draft.remainderTo || first.remainderTo };
  const token = useQuery({
    queryKey: ["token", chain.id, shown.token],
    enabled: isTypedAddress(shown.token),
    queryFn: () => readToken(readClient(config, chain.id), shown.token as Address),
  });
  const poolToken = useQuery({
    queryKey: ["token", chain.id, shown.poolToken],
    enabled: isTypedAddress(shown.poolToken),
    queryFn: () => readToken(readClient(config, chain.id), shown.poolToken as Address),
  });
  const { problems, settings } = parseSettings(shown, {
    chain,
    token: token.data,
    poolToken: shown.poolToken.trim() === "" ? token.data : poolToken.data,
    organiser: organiser ?? "0x0000000000000000000000000000000000000000",
    now,
  });
  const field = (name: keyof Draft) => ({
    label: t(`create.field.${name}.label`),
    hint: t(`create.field.${name}.hint`),
    value: shown[name],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>) => {
      setDescribed(undefined);
      setDraft({ ...shown, [name]: event.target.value });
    },
    error:
      tried && problems[name] !== undefined ? t(`create.problem.${problems[name]}`) : undefined,
  });
  const { run, busy, error } = useAction(async () => {
    if (settings === undefined || organiser === undefined) return;
    const client = await writeClient(config, chain.id, organiser);
    const { factory, documents } = chain.contracts;
    // A registry that was made before a refusal is used, and not made twice.
    const made =
      registry ??
      (await createRegistry(client, { factory, owner: organiser, freezeTime: settings.end }))
        .registry;
    setRegistry(made);
    // What is said of the round is fixed with it: its digest is the salt, and so part of the address (META-4).
    const nonce = bytesToHex(crypto.getRandomValues(new Uint8Array(16))).slice(2);
    const about = described ?? writeAbout(shown, nonce);
    if (described === undefined) {
      await publishDocuments(client, documents, [about]);
      setDescribed(about);
    }
    const salt = digestDocument(about);
    const { round } = await createRound(client, {
      factory,
      settings: { ...settings, registry: made },
      salt,
    });
    setDraft(undefined);
    keepDraft(chain.id, undefined);
    navigate(roundHref(chain.id, round, "organise"));
  });
  const coordinators = chain.coordinators ?? [];
  const isPlain = shown.rule === QUADRATIC;
  const reviewed = (Object.keys(first) as (keyof Draft)[]).filter(
    (name) => shown[name].trim() !== "" && name !== (isPlain ? "payoutRule" : "surplus"),
  );
  /** As a reader of the round will see it, not as it was typed. */
  const describeSetting = (name: keyof Draft): string => {
    if (settings === undefined) return "";
    const contributed = token.data?.symbol ?? "";
    const size = FOLD_SIZES[settings.size];
    const texts: Partial<Record<keyof Draft, string>> = {
      start: timeText(settings.start),
      end: timeText(settings.end),
      unit: `${shown.unit} ${contributed}`,
      coordinatorFee: `${shown.coordinatorFee} ${poolToken.data?.symbol ?? contributed}`,
      token: `${contributed} ${shown.token}`,
      poolToken: `${poolToken.data?.symbol ?? ""} ${shown.poolToken}`,
      surplus: t(shown.surplus === "pay" ? "create.surplusPay" : "create.surplusReturn"),
      leftovers: t(
        shown.leftovers === "share" ? "create.leftoversShare" : "create.leftoversRemainder",
      ),
      rule: shown.rule === "other" ? t("create.otherRule") : t(`rules.${shown.rule}.name`),
      size: size === undefined ? "" : t(`create.size.${size.name}`, { rows: countText(size.rows) }),
    };
    return texts[name] ?? shown[name];
  };
  return (
    <form
      className="max-w-3xl"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (organiser === undefined) setChoosing(true);
        else if (settings !== undefined) setReviewing(true);
      }}
    >
      <Group title={t("create.group.about")}>
        <TextField maxLength={100} {...field("name")} />
        <TextField maxLength={100} {...field("organiserName")} />
        <div className="sm:col-span-2">
          <TextArea maxLength={8_000} {...field("description")} />
        </div>
        <div className="sm:col-span-2">
          <TextArea maxLength={8_000} {...field("rules")} />
        </div>
        <TextField type="url" placeholder="https://" {...field("link")} />
      </Group>
      <Group title={t("create.group.when")}>
        <TextField type="datetime-local" {...field("start")} />
        <TextField type="datetime-local" {...field("end")} />
        <TextField inputMode="decimal" {...field("tallyDays")} />
        <TextField inputMode="decimal" {...field("tallyMostDays")} />
        <TextField inputMode="decimal" {...field("cancelHours")} />
      </Group>
      <Group title={t("create.group.money")}>
        <TextField
          spellCheck={false}
          {...field("token")}
          hint={
            token.data === undefined
              ? t("create.field.token.hint")
              : t("create.tokenIs", { symbol: token.data.symbol })
          }
        />
        <TextField inputMode="decimal" {...field("unit")} />
        <TextField inputMode="numeric" {...field("minContribution")} />
        <TextField inputMode="numeric" {...field("minTopUp")} />
        <TextField
          spellCheck={false}
          {...field("poolToken")}
          hint={
            poolToken.data === undefined
              ? t("create.field.poolToken.hint")
              : t("create.poolTokenIs", { symbol: poolToken.data.symbol })
          }
        />
        <SelectField {...field("rule")}>
          {PAYOUTS.map(({ id }) => (
            <option key={id} value={id}>
              {t(`rules.${id}.name`)}
            </option>
          ))}
          <option value="other">{t("create.otherRule")}</option>
        </SelectField>
        {isPlain ? (
          <SelectField {...field("surplus")}>
            <option value="return">{t("create.surplusReturn")}</option>
            <option value="pay">{t("create.surplusPay")}</option>
          </SelectField>
        ) : (
          <TextField spellCheck={false} {...field("payoutRule")} />
        )}
        <SelectField {...field("leftovers")}>
          <option value="share">{t("create.leftoversShare")}</option>
          <option value="remainder">{t("create.leftoversRemainder")}</option>
        </SelectField>
        <TextField spellCheck={false} {...field("remainderTo")} />
      </Group>
      <Group title={t("create.group.who")}>
        <TextField
          spellCheck={false}
          {...field("gate")}
          hint={
            shown.gate === chain.contracts.openGate
              ? t("create.gateOpen")
              : t("create.field.gate.hint")
          }
        />
        <SelectField {...field("size")}>
          {FOLD_SIZES.map(({ name, rows }, i) => (
            <option key={name} value={i}>
              {t(`create.size.${name}`, { rows: countText(rows) })}
            </option>
          ))}
        </SelectField>
      </Group>
      <Group title={t("create.group.coordinator")}>
        {coordinators.length > 0 && (
          <SelectField
            label={t("create.coordinatorChoice")}
            value={coordinators.findIndex(({ address }) => address === shown.coordinator)}
            onChange={(event) => {
              const chosen = coordinators[Number(event.target.value)];
              setDraft({
                ...shown,
                coordinator: chosen?.address ?? "",
                coordinatorKeyX: chosen?.key.x ?? "",
                coordinatorKeyY: chosen?.key.y ?? "",
              });
            }}
          >
            {coordinators.map(({ name, address }, i) => (
              <option key={address} value={i}>
                {name} ({shortAddress(address)})
              </option>
            ))}
            <option value={-1}>{t("create.otherCoordinator")}</option>
          </SelectField>
        )}
        <TextField spellCheck={false} {...field("coordinator")} />
        <TextField spellCheck={false} {...field("coordinatorKeyX")} />
        <TextField spellCheck={false} {...field("coordinatorKeyY")} />
        <TextField inputMode="decimal" {...field("coordinatorFee")} />
        <TextField inputMode="decimal" {...field("messageFee")} />
      </Group>
      <Group title={t("create.group.guardian")}>
        <TextField spellCheck={false} {...field("guardian")} />
        <TextField inputMode="decimal" {...field("disputeHours")} />
      </Group>
      <div className="mt-10 space-y-4">
        <Notice title={t("create.final")}>{t("create.finalHelp")}</Notice>
        {tried && Object.keys(problems).length > 0 && (
          <Notice tone="bad" live title={t("create.problems")} />
        )}
        <Button type="submit" busy={busy}>
          {organiser === undefined
            ? t("wallet.connect")
            : busy
              ? registry === undefined
                ? t("create.makingRegistry")
                : t("create.makingRound")
              : t("create.review")}
        </Button>
        <ProblemNotice error={error} />
      </div>
      <WalletDialog open={choosing} onOpenChange={setChoosing} />
      <Dialog
        open={reviewing}
        onOpenChange={setReviewing}
        title={t("create.reviewTitle")}
        description={t("create.reviewHelp")}
      >
        <dl className="mb-5 divide-y divide-line border-y border-line text-[0.93rem]">
          {reviewed.map((name) => (
            <div key={name} className="py-2">
              <dt className="text-soft">{t(`create.field.${name}.label`)}</dt>
              <dd className="break-words">{describeSetting(name)}</dd>
            </div>
          ))}
        </dl>
        <div className="flex flex-wrap gap-3">
          <Button
            onClick={() => {
              setReviewing(false);
              void run();
            }}
          >
            {t("create.do")}
          </Button>
          <Button look="quiet" onClick={() => setReviewing(false)}>
            {t("create.change")}
          </Button>
        </div>
      </Dialog>
    </form>
  );
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Section title={title}>
      <div className="grid gap-x-6 gap-y-6 sm:grid-cols-2">{children}</div>
    </Section>
  );
}
