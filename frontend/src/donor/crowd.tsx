import { useTranslation } from "react-i18next";
import { countText } from "../format.ts";

/** Among how many a donor's sealed messages are, as the chain has it now: in the whole round, then since they were sealed. */
export function Crowd({ inRound, since }: { inRound?: number; since?: number }) {
  const { t } = useTranslation();
  const [about, count] =
    since === undefined ? (["round", inRound] as const) : (["since", since] as const);
  if (count === undefined) return null;
  return (
    <p className="measure text-[0.93rem] text-soft">
      {count === 0
        ? t(`crowd.${about}None`)
        : t(`crowd.${about}`, { count, text: countText(count) })}
    </p>
  );
}
