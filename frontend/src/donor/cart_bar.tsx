import { useTranslation } from "react-i18next";
import { useAccount } from "wagmi";
import { useOwnContributions } from "../chain/own_gifts.ts";
import { countText } from "../format.ts";
import { roundHref } from "../router.ts";
import { LinkButton } from "../ui/button.tsx";
import { useCart } from "./cart.ts";
import type { RoundView } from "../chain/round_view.ts";

/** Always in reach of a thumb: how many projects are chosen, and the way on. */
export function CartBar({ view: { facts } }: { view: RoundView }) {
  const { t } = useTranslation();
  const { lines } = useCart(facts);
  const { address } = useAccount();
  // Which rounds an account looks at is not told to the node: what the gift's own page has found is enough here.
  const hasGiven = useOwnContributions(facts, address, { asks: false }).data?.length ?? 0;
  const isIdle = lines.length === 0 && hasGiven === 0;
  return (
    <div className="covers-below fixed inset-x-0 bottom-0 z-30 border-t border-line bg-raise pb-[env(safe-area-inset-bottom)]">
      <div className="mx-auto flex max-w-6xl items-center justify-between gap-4 px-5 py-3 sm:px-8">
        <p role="status" className="text-[0.95rem]">
          {lines.length === 0
            ? t("cart.empty")
            : t("cart.chosen", { count: lines.length, text: countText(lines.length) })}
        </p>
        <LinkButton
          href={roundHref(facts.chainId, facts.address, "gift")}
          aria-disabled={isIdle}
          look={lines.length === 0 ? "outline" : "solid"}
          className="whitespace-nowrap"
        >
          {hasGiven > 0 ? t("cart.change") : t("cart.give")}
        </LinkButton>
      </div>
    </div>
  );
}
