import { useQueries } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import type { Address, Hex } from "viem";
import {
  findBalanceSlot,
  NotATokenError,
  readAttestationSchema,
  readToken,
  type ReadClient,
  type TokenFacts,
} from "../../../../../src/index.ts";
import { readClient } from "../../../chain/read_client.ts";
import type { SiteChain } from "../../../config/site.ts";
import { isTypedAddress } from "../../../format.ts";
import type { Way } from "./draft.ts";

/** What the chain tells of what was typed for a way in, so that nobody has to know it, and a wrong number is found before it is paid for. */
export type WayFacts =
  | {
      readonly kind: "erc20-at-block";
      /** Undefined for what is no token. */
      readonly token: TokenFacts | undefined;
      /** Where it keeps its balances; undefined where that cannot be told by this holder. */
      readonly slot: bigint | undefined;
    }
  | {
      readonly kind: "eas";
      readonly isService: boolean;
      /** What attestations of the schema hold, in the service's words; undefined for a schema that it does not know. */
      readonly schema: string | undefined;
    };

/** The settings that the chain is asked about. */
const ASKED: Readonly<Record<WayFacts["kind"], readonly [string, string]>> = {
  "erc20-at-block": ["token", "holder"],
  eas: ["eas", "schema"],
};

const isAsked = (kind: string): kind is WayFacts["kind"] => kind in ASKED;
const typed = ({ fields }: Pick<Way, "fields">, name: string): string =>
  (fields[name] ?? "").trim();

/** Whether there is something to ask about. */
export function isAskable(way: Way): boolean {
  if (!isAsked(way.kind)) return false;
  const [first, second] = ASKED[way.kind];
  return (
    isTypedAddress(typed(way, first)) &&
    (way.kind === "eas"
      ? /^0x[0-9a-f]{64}$/i.test(typed(way, second))
      : isTypedAddress(typed(way, second)))
  );
}

/** By the ways' ids; a way is not there while the chain is asked, or has nothing to be asked about. */
export function useWayFacts(
  { id }: SiteChain,
  ways: readonly Way[],
): ReadonlyMap<string, WayFacts> {
  const config = useConfig();
  const asked = ways.filter(isAskable);
  const answers = useQueries({
    queries: asked.map((way) => ({
      queryKey: [
        "way",
        id,
        way.kind,
        typed(way, "eas"),
        typed(way, "schema"),
        typed(way, "token"),
        typed(way, "holder"),
      ],
      queryFn: () => readWayFacts(readClient(config, id), way),
    })),
  });
  return new Map(
    asked.flatMap((way, i) => {
      const facts = answers[i]?.data;
      return facts === undefined ? [] : [[way.id, facts] as const];
    }),
  );
}

/** Of a way that `isAskable`. */
export async function readWayFacts(
  read: ReadClient,
  way: Pick<Way, "kind" | "fields">,
): Promise<WayFacts> {
  if (way.kind === "eas") {
    const schema = await readAttestationSchema(
      read,
      typed(way, "eas") as Address,
      typed(way, "schema") as Hex,
    );
    return {
      kind: "eas",
      isService: schema !== undefined,
      schema: typeof schema === "object" ? schema.text : undefined,
    };
  }
  const at = typed(way, "token") as Address;
  const token = await readToken(read, at).catch((error: unknown) => {
    if (error instanceof NotATokenError) return undefined;
    throw error;
  });
  const slot = token && (await findBalanceSlot(read, at, typed(way, "holder") as Address));
  return { kind: "erc20-at-block", token, slot };
}
