import type { Address } from "viem";
import { useSiteChain } from "../config/site.ts";
import { Picture } from "./picture.tsx";

/** The picture that the site names for a token, before an amount of it: decoration, for the symbol stands there too. */
export function TokenLogo({ chainId, token }: { chainId: number; token: Address }) {
  const image = useSiteChain(chainId)?.logos?.find(
    (logo) => logo.token.toLowerCase() === token.toLowerCase(),
  )?.image;
  return image === undefined ? null : (
    <Picture
      image={image}
      of={token}
      chainId={chainId}
      className="mr-1.5 inline-flex size-[1em] rounded-full align-[-0.14em]"
    />
  );
}
