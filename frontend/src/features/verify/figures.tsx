import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ProjectResult } from "../../../../src/index.ts";
import { countText } from "../../format.ts";

/** Rows that are shown without scrolling: a round may have thousands of projects. */
const SCREENFUL = 20;

/** What was checked, in figures: a verdict alone does not say of which result it is. */
export function Figures({ figures }: { figures: readonly ProjectResult[] }) {
  const { t } = useTranslation();
  const cell = "figure py-1.5 pl-4 text-right";
  return (
    <>
      <p className="measure mb-3 text-soft">{t("verify.figuresHelp")}</p>
      <Rows isLong={figures.length > SCREENFUL}>
        <table className="border-collapse text-[0.93rem]">
          <thead>
            <tr className="border-b border-line text-[0.85rem] text-soft">
              <th scope="col" className="py-1.5 text-left font-medium">
                {t("verify.figure.project")}
              </th>
              <th scope="col" className="py-1.5 pl-4 text-right font-medium">
                {t("verify.figure.votes")}
              </th>
              <th scope="col" className="py-1.5 pl-4 text-right font-medium">
                {t("verify.figure.credits")}
              </th>
            </tr>
          </thead>
          <tbody>
            {figures.map(({ project, votes, credits }) => (
              <tr key={project} className="border-b border-line">
                <th scope="row" className="figure py-1.5 text-left font-normal">
                  {project}
                </th>
                <td className={cell}>{countText(votes)}</td>
                <td className={cell}>{countText(credits)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Rows>
    </>
  );
}

function Rows({ isLong, children }: { isLong: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  if (!isLong) return children;
  return (
    <section
      aria-label={t("verify.figures")}
      tabIndex={0}
      className="max-h-[32rem] w-fit overflow-y-auto pr-4 print:max-h-none"
    >
      {children}
    </section>
  );
}
