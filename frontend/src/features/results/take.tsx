import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RoundFacts } from "../../chain/reads.ts";
import { useShareAddress } from "../../config/share.ts";
import { download, resultFile } from "../../download.ts";
import { currentLanguage } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { Share } from "../../ui/share.tsx";
import { useAction } from "../../ui/use_action.ts";
import { explainColumns, exportCsv, exportJson } from "./export.ts";
import { descending, giftsOf, moneyText, worthOf, type Outcome } from "./outcome.ts";
import { PICTURE, ResultPicture, type PictureBar } from "./picture.tsx";
import type { ResultRow } from "./read_results.ts";

/** What somebody takes away to write about a result: the picture, the data with what their names mean, the page for print, and the result for a page of their own. */
export function Take({
  facts,
  outcome,
  name,
  said,
  isFinal,
  nameRow,
}: {
  facts: RoundFacts;
  outcome: Outcome;
  name: string;
  said: readonly string[];
  isFinal: boolean;
  nameRow: (row: ResultRow) => string;
}) {
  const { t } = useTranslation();
  const given = { facts, results: outcome.results, isFinal, nameRow };
  const picture = useRef<SVGSVGElement>(null);
  const shareAddress = useShareAddress(facts.chainId, facts.address);
  const [copied, setCopied] = useState(false);
  const drawing = useAction(async () =>
    download(resultFile(facts, isFinal, ".png"), "image/png", await drawPng(serialize(picture))),
  );
  const embed = new URL(
    `./embed.html#/${facts.chainId}/${facts.address}/${currentLanguage()}`,
    location.href,
  ).href;
  const code = `<iframe src="${embed}" title="${escapeHtml(name)}" width="100%" height="640" loading="lazy" style="border:0"></iframe>`;
  return (
    <div className="mt-12 print:hidden">
      <Section title={t("take.title")}>
        <ProblemNotice error={drawing.error} />
        <div className="[&>svg]:h-auto [&>svg]:w-full [&>svg]:rounded-card [&>svg]:border [&>svg]:border-line">
          <ResultPicture
            ref={picture}
            title={name}
            facts={said}
            bars={drawBars(outcome, nameRow)}
            source={`Tacit · ${location.host} · ${facts.address}`}
          />
        </div>
        <div className="mt-5 flex flex-wrap gap-3">
          <Button busy={drawing.busy} onClick={() => void drawing.run()}>
            {t("take.png")}
          </Button>
          <Button
            look="outline"
            onClick={() =>
              download(resultFile(facts, isFinal, ".svg"), "image/svg+xml", serialize(picture))
            }
          >
            {t("take.svg")}
          </Button>
          <Button look="outline" onClick={() => print()}>
            {t("take.print")}
          </Button>
          <Share href={shareAddress()} title={name} />
        </div>
      </Section>
      <Section title={t("take.data")}>
        <div className="flex flex-wrap gap-3">
          <Button look="outline" onClick={() => exportCsv(given)}>
            {t("results.csv")}
          </Button>
          <Button look="outline" onClick={() => exportJson(given, explainColumns(t, facts))}>
            {t("results.json")}
          </Button>
        </div>
        <details className="mt-3">
          <summary className="min-h-11 cursor-pointer py-2.5 text-accent underline-offset-4 hover:underline">
            {t("dictionary.title")}
          </summary>
          <dl className="measure space-y-1.5 text-[0.93rem]">
            {Object.entries(explainColumns(t, facts)).map(([column, meaning]) => (
              <div key={column}>
                <dt className="inline font-mono text-[0.88rem]">{column}: </dt>
                <dd className="inline text-soft">{meaning}</dd>
              </div>
            ))}
          </dl>
        </details>
      </Section>
      <Section title={t("take.embed")}>
        <p className="measure mb-4 text-soft">{t("take.embedHelp")}</p>
        <pre className="rounded-card border border-line bg-raise p-4 text-[0.85rem] break-all whitespace-pre-wrap">
          {code}
        </pre>
        <div className="mt-3 flex flex-wrap items-center gap-4">
          <Button
            look="outline"
            onClick={() =>
              void navigator.clipboard.writeText(code).then(
                () => setCopied(true),
                () => undefined, // it can be marked and copied by hand
              )
            }
          >
            {t("take.copy")}
          </Button>
          <a
            href={embed}
            className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
          >
            {t("take.embedLook")}
          </a>
          <span role="status" className="text-[0.9rem] text-accent">
            {copied ? t("take.copied") : ""}
          </span>
        </div>
      </Section>
    </div>
  );
}

/** Those with most first, as parts of the longest; of two tokens the match alone. */
function drawBars(outcome: Outcome, nameRow: (row: ResultRow) => string): readonly PictureBar[] {
  const worth = worthOf(outcome);
  if (worth.kind === "votes") return [];
  const sorted = outcome.eligible.toSorted((a, b) => descending(worth.of(a), worth.of(b)));
  const longest = sorted[0] === undefined ? 0n : worth.of(sorted[0]);
  const part = (amount: bigint) =>
    longest === 0n ? 0 : Number((amount * 10_000n) / longest) / 10_000;
  return sorted.map((row) => ({
    name: nameRow(row),
    amount: moneyText(outcome, row),
    given: worth.kind === "match" ? 0 : part(giftsOf(row)),
    matched: part(row.matched),
  }));
}

function serialize({ current }: React.RefObject<SVGSVGElement | null>): string {
  return new XMLSerializer().serializeToString(current as SVGSVGElement);
}

/** The drawing as a PNG, made here: no server sees it. */
async function drawPng(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [PICTURE.width, PICTURE.height];
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("the browser made no picture");
  return blob;
}

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
