import { Slider } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { countText, decimalText } from "../../format.ts";
import { Explain, QUESTIONS } from "../../donor/explain.tsx";
import { PageTitle, Section } from "../../ui/layout.tsx";
import { addWords } from "../../i18n/index.ts";

await addWords("learn");

/** The sum that both projects of the example get, in whole units. */
const SUM = 100;

/** The rule on an example: what a live estimate could not show without showing what others chose. */
export default function HowPage() {
  const { t } = useTranslation();
  const [donors, setDonors] = useState(10);
  const rows = [
    { name: t("how.many"), donors },
    { name: t("how.one"), donors: 1 },
  ];
  // n gifts of SUM/n: (n·√(SUM/n))² - SUM = SUM·(n - 1)
  const matchFor = (n: number) => SUM * (n - 1);
  const widest = SUM + matchFor(40);
  return (
    <>
      <PageTitle lead={t("how.lead")}>{t("how.title")}</PageTitle>
      <Section title={t("how.match")}>
        <p className="measure text-soft">{t("how.matchText")}</p>
        <p className="my-6 font-display text-[1.12rem] italic sm:text-[1.35rem]">
          {t("how.formula")}
        </p>
        <div className="rounded-card border border-line bg-raise p-6 sm:p-8">
          <label id="donors" className="mb-4 block font-medium">
            {t("how.donors", { sum: countText(SUM) })}:{" "}
            <output className="figure text-[1.3rem]">{countText(donors)}</output>
          </label>
          <Slider.Root
            value={[donors]}
            min={1}
            max={40}
            step={1}
            onValueChange={([next]) => setDonors(next ?? 1)}
            className="relative flex h-11 touch-none items-center"
          >
            <Slider.Track className="relative h-1.5 grow rounded-full bg-line">
              <Slider.Range className="absolute h-full rounded-full bg-accent" />
            </Slider.Track>
            <Slider.Thumb
              aria-labelledby="donors"
              className="block size-7 rounded-full border-2 border-accent bg-raise shadow"
            />
          </Slider.Root>
          <ul className="mt-7 space-y-6" aria-live="polite">
            {rows.map((row) => (
              <li key={row.name}>
                <p className="font-display text-[1.15rem]">{row.name}</p>
                <p className="text-[0.87rem] text-soft">
                  {t("how.each", {
                    count: row.donors,
                    text: countText(row.donors),
                    amount: decimalText(BigInt(Math.round((SUM * 100) / row.donors)), 2),
                  })}
                </p>
                <div aria-hidden className="mt-2 flex h-6 gap-0.5">
                  <div
                    className="rounded-l bg-edge"
                    style={{ width: `${(SUM / widest) * 100}%` }}
                  />
                  <div
                    className="rounded-r bg-accent transition-[width]"
                    style={{ width: `${(matchFor(row.donors) / widest) * 100}%` }}
                  />
                </div>
                <p className="mt-1.5 text-[0.9rem]">
                  {t("how.gifts")} <span className="figure">{countText(SUM)}</span> ·{" "}
                  {t("how.matched")}{" "}
                  <span className="figure text-accent">{countText(matchFor(row.donors))}</span>
                </p>
              </li>
            ))}
          </ul>
        </div>
      </Section>
      {(["why", "secret", "proof"] as const).map((part) => (
        <Section key={part} title={t(`how.${part}`)}>
          <p className="measure text-soft">{t(`how.${part}Text`)}</p>
        </Section>
      ))}
      <Section title={t("faq.title")}>
        {QUESTIONS.map((what) => (
          <Explain key={what} what={what} />
        ))}
      </Section>
    </>
  );
}
