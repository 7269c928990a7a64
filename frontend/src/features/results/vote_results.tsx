import { useTranslation } from "react-i18next";
import {
  agreementTenths,
  decideVote,
  FEW_VOTERS,
  plainText,
  type VoteAnswer,
  type VoteQuestion,
} from "../../../../src/index.ts";
import { useAccountText } from "../../chain/account_text.ts";
import { useQuestions } from "../../chain/reads.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { countText, decimalText, timeText } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Notice, Placeholder, Section } from "../../ui/layout.tsx";
import { explainColumns, exportCsv, exportJson } from "./export.ts";
import { asVoted, type ResultRow, type Results } from "./read_results.ts";

type Naming = (project: number) => string;

/** What a vote decides: of a round in which nothing is paid, so that its result is no list of payments (VOTE-1 to VOTE-5). */
export function VoteResults({ view, results }: { view: RoundView; results: Results }) {
  const { t } = useTranslation();
  const accountText = useAccountText();
  const { facts, progress, projects, stage } = view;
  const questions = useQuestions(facts);
  if (questions === undefined) return <Placeholder label={t("common.loading")} lines={8} />;
  const isEligible = (project: number) => projects[project]?.eligible === true;
  const answers = decideVote(questions, results.list, isEligible);
  const nameOf: Naming = (project) =>
    results.rows.find((row) => row.project === project)?.name ||
    projects[project]?.name ||
    t("projects.unnamed", { index: project });
  const nameRow = ({ project }: ResultRow) => nameOf(project);
  const given = {
    facts,
    results: asVoted(results, isEligible),
    isFinal: stage === "finalized",
    nameRow,
  };
  return (
    <>
      {stage === "disputable" && (
        <div className="mb-8">
          <Notice title={t("guardian.disputable", { time: timeText(progress.paymentsFrom) })}>
            {t("guardian.disputableHelp", {
              guardian: accountText(facts.settings.guardian, "whole"),
            })}
          </Notice>
        </div>
      )}
      {progress.contributions < FEW_VOTERS && (
        <div className="mb-8">
          <Notice title={t("vote.few", { count: progress.contributions })}>
            {t("vote.fewHelp")}
          </Notice>
        </div>
      )}
      {questions.map((question, i) => (
        <Section
          key={i}
          title={question.title === "" ? t("vote.outcome") : plainText(question.title, 200)}
        >
          {question.kind === "number" ? (
            <NumberAnswer question={question} answer={answers[i] as VoteAnswer} />
          ) : (
            <ChoiceAnswer
              answer={answers[i] as VoteAnswer}
              rows={rowsOf(question, results.list)}
              isEligible={isEligible}
              nameOf={nameOf}
            />
          )}
        </Section>
      ))}
      <p className="measure mt-6 text-[0.9rem] text-soft">{t("vote.words")}</p>
      <div className="mt-8 flex flex-wrap gap-3">
        <LinkButton href={roundHref(facts.chainId, facts.address, "verify")}>
          {t("views.verify")}
        </LinkButton>
        <Button look="outline" onClick={() => exportCsv(given)}>
          {t("results.csv")}
        </Button>
        <Button look="outline" onClick={() => exportJson(given, explainColumns(t, facts))}>
          {t("results.json")}
        </Button>
      </div>
    </>
  );
}

type Totals = Pick<ResultRow, "project" | "votes" | "credits">;

/** A question's options that were voted on, the most votes first. */
function rowsOf(
  question: Extract<VoteQuestion, { kind: "choice" }>,
  list: readonly Totals[],
): readonly Totals[] {
  const among = new Set(question.options);
  return list
    .filter(({ project }) => among.size === 0 || among.has(project))
    .toSorted((a, b) => Number(b.votes - a.votes) || a.project - b.project);
}

const agreementText = (totals: Totals | VoteAnswer): string =>
  decimalText(agreementTenths(totals), 1, 1);

function ChoiceAnswer({
  answer,
  rows,
  isEligible,
  nameOf,
}: {
  answer: VoteAnswer;
  rows: readonly Totals[];
  isEligible: (project: number) => boolean;
  nameOf: Naming;
}) {
  const { t } = useTranslation();
  const head = "py-2 align-bottom text-[0.85rem] font-medium text-soft";
  const cell = "figure py-3 pl-3 text-right whitespace-nowrap";
  return (
    <>
      <p className="mb-5 font-display text-[1.5rem] leading-snug wrap-anywhere">
        {answer.isDecided ? nameOf(answer.option) : t("vote.undecided")}
      </p>
      {rows.length > 0 && (
        <table className="w-full border-collapse">
          <thead>
            <tr className="border-b border-line">
              <th scope="col" className={`${head} text-left`}>
                {t("vote.option")}
              </th>
              <th scope="col" className={`${head} pl-3 text-right`}>
                {t("vote.votes")}
              </th>
              <th scope="col" className={`${head} pl-3 text-right`}>
                {t("vote.strength")}
              </th>
              <th scope="col" className={`${head} pl-3 text-right`}>
                {t("vote.agreement")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.project} className="border-b border-line">
                <th
                  scope="row"
                  className="py-3 text-left font-display text-[1.05rem] leading-snug font-normal wrap-anywhere"
                >
                  {nameOf(row.project)}
                  {!isEligible(row.project) && (
                    <span className="block text-[0.85rem] text-soft">{t("vote.withdrawn")}</span>
                  )}
                </th>
                <td className={cell}>{countText(row.votes)}</td>
                <td className={cell}>{countText(row.credits)}</td>
                <td className={cell}>{agreementText(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function NumberAnswer({
  question,
  answer,
}: {
  question: Extract<VoteQuestion, { kind: "number" }>;
  answer: VoteAnswer;
}) {
  const { t } = useTranslation();
  const unit = plainText(question.unit, 20);
  const text = (value: bigint) =>
    `${decimalText(value, question.decimals, question.decimals)} ${unit}`.trim();
  return (
    <>
      <p className="figure mb-3 text-[2rem] leading-tight">{text(answer.value)}</p>
      <p className="measure text-soft">
        {t("vote.number", {
          start: text(question.start),
          step: text(question.step),
          min: text(question.min),
          max: text(question.max),
        })}
      </p>
      <p className="measure mt-2 text-soft">
        {t("vote.numberTotals", {
          votes: countText(answer.votes),
          strength: countText(answer.credits),
          agreement: agreementText(answer),
        })}
      </p>
    </>
  );
}
