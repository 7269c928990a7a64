import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { signMessage } from "wagmi/actions";
import { isAddressEqual, zeroAddress, type Address } from "viem";
import {
  checkEditorRequest,
  decodeEditorRequest,
  editorRequestText,
  EditorRequestAgeError,
  EditorRequestFormatError,
  EditorRequestPlaceError,
  EditorRequestSignatureError,
  encodeEditorRequest,
  hiddenIn,
  MOST_NOTE,
  type Editors,
} from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { shortAddress, timeText } from "../../format.ts";
import { addWords } from "../../i18n/index.ts";
import { roundHref } from "../../router.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice, Placeholder, Section } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { QrCode } from "../../ui/qr_code.tsx";
import { Share } from "../../ui/share.tsx";
import { useAction } from "../../ui/use_action.ts";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { AccountLine } from "./account_line.tsx";
import { fixedAt, isListOpen, roleOf, useEditors, useSetEditor } from "./editors.ts";

await addWords("organise");
await addWords("coorg");

/** Longer links make codes that no camera reads from a screen. */
const MOST_IN_CODE = 800;

/** Whoever was invited asks here to become a co-organiser; the owner opens the same page with what was signed, and decides (REG-5). */
export default function JoinPage({
  view,
  request,
}: {
  view: RoundView;
  /** What an account has signed, as it stands in the address; undefined for an invitation. */
  request: string | undefined;
}) {
  const { t } = useTranslation();
  const { facts } = view;
  const { address } = useAccount();
  const [choosing, setChoosing] = useState(false);
  const editors = useEditors(view);
  if (facts.parts.registry.kind !== "owned")
    return <Notice title={t("coorg.noList")}>{t("coorg.noListHelp")}</Notice>;
  if (!isListOpen(view))
    return (
      <Notice title={t("coorg.join.over")}>
        {t("coorg.closed", { time: timeText(fixedAt(facts) ?? 0n) })}
      </Notice>
    );
  if (editors === undefined) return <Placeholder label={t("common.loading")} lines={6} />;
  const around = { view, editors, account: address, onConnect: () => setChoosing(true) };
  return (
    <div className="max-w-2xl">
      <WalletDialog open={choosing} onOpenChange={setChoosing} />
      {request === undefined ? (
        <Invited {...around} />
      ) : (
        <Requested key={request} {...around} request={request} />
      )}
    </div>
  );
}

type Around = {
  view: RoundView;
  editors: Editors;
  account: Address | undefined;
  onConnect: () => void;
};

function Invited({ view, editors, account, onConnect }: Around) {
  const { t } = useTranslation();
  const role = roleOf(editors, account);
  return (
    <>
      <Section title={t("coorg.join.title")}>
        <p className="measure mb-5">{t("coorg.join.lead")}</p>
        <Powers view={view} />
      </Section>
      <Section title={t("coorg.join.ask")}>
        {account === undefined ? (
          <Notice title={t("coorg.join.connect")}>
            <p>{t("coorg.join.public")}</p>
            <Button className="mt-3" onClick={onConnect}>
              {t("wallet.connect")}
            </Button>
          </Notice>
        ) : role === "owner" ? (
          <Notice title={t("coorg.join.owner")}>
            <p className="mb-3">{t("coorg.inviteHelp")}</p>
            <Share href={location.href} title={t("coorg.join.title")} />
          </Notice>
        ) : role === "editor" ? (
          <Already view={view} />
        ) : isAddressEqual(editors.owner, zeroAddress) ? (
          <Notice title={t("coorg.noOwner")} />
        ) : (
          <Ask key={account} view={view} account={account} />
        )}
      </Section>
    </>
  );
}

/** What a co-organiser may do and may not (REG-4). */
function Powers({ view }: { view: RoundView }) {
  const { t } = useTranslation();
  const lists = [
    [
      t("coorg.join.may", { time: timeText(fixedAt(view.facts) ?? 0n) }),
      [t("coorg.join.mayApprove"), t("coorg.join.mayAdd"), t("coorg.join.mayDelist")],
    ],
    [
      t("coorg.join.mayNot"),
      [
        t("coorg.join.notEditors"),
        t("coorg.join.notWhere"),
        t("coorg.join.notRound"),
        t("coorg.join.notLater"),
      ],
    ],
  ] as const;
  return (
    <div className="space-y-5">
      {lists.map(([title, lines]) => (
        <div key={title}>
          <h3 className="mb-1.5 text-[1.15rem]">{title}</h3>
          <ul className="measure list-disc space-y-1 pl-5">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Already({ view: { facts } }: { view: RoundView }) {
  const { t } = useTranslation();
  return (
    <Notice tone="good" title={t("coorg.already")}>
      <LinkButton
        look="outline"
        className="mt-2"
        href={roundHref(facts.chainId, facts.address, "organise")}
      >
        {t("coorg.toList")}
      </LinkButton>
    </Notice>
  );
}

function Ask({ view, account }: { view: RoundView; account: Address }) {
  const { t } = useTranslation();
  const config = useConfig();
  const { facts, now } = view;
  const [note, setNote] = useState("");
  const [link, setLink] = useState<string>();
  const { registry } = facts.settings;
  const plain = note.trim();
  const bytes = new TextEncoder().encode(plain).length;
  const isHiding = hiddenIn(plain).length > 0;
  const sign = useAction(async () => {
    const round = { chainId: facts.chainId, address: facts.address };
    const asked = { round, registry, account, time: now, note: plain };
    const signature = await signMessage(config, { account, message: editorRequestText(asked) });
    const request = { ...asked, signature };
    // A wallet may have signed with another account, or in a way that nobody can check.
    await checkEditorRequest(readClient(config, facts.chainId), request, { round, registry, now });
    const href = `${roundHref(facts.chainId, facts.address, "join")}/${encodeEditorRequest(request)}`;
    setLink(new URL(href, location.href).href);
  });
  if (link !== undefined)
    return (
      <div className="space-y-4">
        <Notice tone="good" live title={t("coorg.join.asked")}>
          {t("coorg.join.askedHelp")}
        </Notice>
        <TextField
          readOnly
          label={t("coorg.join.link")}
          value={link}
          onFocus={(event) => event.target.select()}
        />
        <Share href={link} title={t("coorg.request.title")} />
        {link.length <= MOST_IN_CODE && <QrCode of={link} label={t("coorg.join.code")} />}
      </div>
    );
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => (
        event.preventDefault(), !isHiding && bytes <= MOST_NOTE && void sign.run()
      )}
    >
      <AccountLine chainId={facts.chainId} account={account}>
        {t("coorg.join.public")}
      </AccountLine>
      <TextField
        label={t("coorg.join.optional", { label: t("coorg.join.note") })}
        hint={t("coorg.join.noteHint")}
        value={note}
        onChange={({ target }) => setNote(target.value)}
        error={
          bytes > MOST_NOTE
            ? t("coorg.join.noteLong", { bytes, most: MOST_NOTE })
            : isHiding && t("coorg.join.noteHidden")
        }
      />
      <p className="text-[0.9rem] text-soft">{t("coorg.join.askHelp")}</p>
      <Button type="submit" busy={sign.busy}>
        {t("coorg.join.ask")}
      </Button>
      {sign.error instanceof EditorRequestSignatureError ? (
        <Notice tone="bad" live title={t("coorg.join.unsigned")}>
          {t("coorg.join.unsignedHelp", { account: shortAddress(account) })}
        </Notice>
      ) : (
        <ProblemNotice error={sign.error} />
      )}
    </form>
  );
}

/** Why a request is none for this owner: a name of the catalogue's sentences. */
function refusedAs(error: unknown): "format" | "place" | "signature" | "age" | undefined {
  if (error instanceof EditorRequestFormatError) return "format";
  if (error instanceof EditorRequestPlaceError) return "place";
  if (error instanceof EditorRequestSignatureError) return "signature";
  return error instanceof EditorRequestAgeError ? "age" : undefined;
}

function Requested({ view, editors, account, onConnect, request }: Around & { request: string }) {
  const { t } = useTranslation();
  const config = useConfig();
  const { facts, now } = view;
  const { chainId } = facts;
  const checked = useQuery({
    queryKey: ["request", chainId, facts.address, request],
    retry: false,
    queryFn: async () => {
      const asked = decodeEditorRequest(request);
      await checkEditorRequest(readClient(config, chainId), asked, {
        ...{ round: { chainId, address: facts.address }, registry: facts.settings.registry, now },
      });
      return asked;
    },
  });
  const set = useSetEditor(view, account);
  const time = timeText(fixedAt(facts) ?? 0n);
  if (checked.error !== null) {
    const why = refusedAs(checked.error);
    if (why === undefined) return <ProblemNotice error={checked.error} />;
    return (
      <Notice tone="bad" live title={t(`coorg.refused.${why}.title`)}>
        {t(`coorg.refused.${why}.help`)}
      </Notice>
    );
  }
  if (checked.data === undefined)
    return <Placeholder label={t("coorg.request.checking")} lines={4} />;
  const asked = checked.data;
  const role = roleOf(editors, asked.account);
  return (
    <Section title={t("coorg.request.title")}>
      <div className="space-y-5">
        <AccountLine chainId={chainId} account={asked.account}>
          {t("coorg.request.when", { time: timeText(asked.time) })}
        </AccountLine>
        {asked.note !== "" && (
          <p className="measure wrap-anywhere">
            {t("coorg.request.says")} <q>{asked.note}</q>
          </p>
        )}
        {role === "editor" ? (
          <>
            <Already view={view} />
            {roleOf(editors, account) === "owner" && <p>{t("coorg.request.tell")}</p>}
          </>
        ) : role === "owner" ? (
          <Notice title={t("coorg.request.isOwner")} />
        ) : (
          <>
            <p className="measure text-soft">{t("coorg.request.unknown")}</p>
            {role === "earlier" && (
              <Notice tone="bad" title={t("coorg.request.again")}>
                {t("coorg.request.againHelp")}
              </Notice>
            )}
            <Powers view={view} />
            {isAddressEqual(editors.owner, zeroAddress) ? (
              <Notice title={t("coorg.noOwner")} />
            ) : roleOf(editors, account) === "owner" ? (
              <ConfirmButton
                look="solid"
                busy={set.busy}
                title={t("coorg.request.sure")}
                review={
                  <>
                    <AccountLine chainId={chainId} account={asked.account} />
                    <p>{t("coorg.help", { time })}</p>
                  </>
                }
                last={t("coorg.request.undo", { time })}
                confirm={t("coorg.request.add")}
                onConfirm={() => void set.run(asked.account, true)}
              >
                {t("coorg.request.add")}
              </ConfirmButton>
            ) : (
              <Notice title={t("coorg.request.notOwner", { account: shortAddress(editors.owner) })}>
                {account === undefined && (
                  <Button className="mt-2" onClick={onConnect}>
                    {t("wallet.connect")}
                  </Button>
                )}
              </Notice>
            )}
          </>
        )}
        <ProblemNotice error={set.error} />
      </div>
    </Section>
  );
}
