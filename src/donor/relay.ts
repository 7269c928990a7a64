import { isAddress, numberToHex, type Address, type Hex } from "viem";
import type { Point } from "../crypto/curve.ts";
import { BaseError } from "../errors.ts";
import { encodeMessage, type MessageWords } from "../protocol/message.ts";
import { makeStamp, type Stamp, type StampChallenge, type StampMaker } from "./stamp.ts";

export class RelayError extends BaseError {
  constructor(
    relay: string,
    why: string,
    fix = "Try again, or publish from an account that nobody connects with you.",
    cause?: unknown,
  ) {
    super(`The relay at ${relay} did not take it: ${why}.`, { fix, cause });
  }
}

/** A relay's status for a stamp of an epoch that has passed, or of too little work. */
const STAMP_NEEDED = 428;
const STAMP_TRIES = 3;
/** How long an answer is waited for, its end included. */
const RELAY_MS = 30_000;

/**
 * Hands messages to a relay, without any account, name or cookie, and with the work that it asks for. It publishes them with others' a little later:
 * until the chain shows them nothing is sure.
 * @throws RelayError, StampTooDearError
 */
export async function handToRelay(
  relay: string,
  { round, messages }: { readonly round: Address; readonly messages: readonly MessageWords[] },
  stamped: StampMaker = makeStamp,
): Promise<void> {
  const at = roundAt(relay, round);
  for (let tries = 1; ; tries++) {
    const challenge = parseChallenge(await askRelay(relay, `${at}/stamp`), relay);
    const stamp: Stamp = await stamped(challenge, { round, messages });
    try {
      await askRelay(
        relay,
        `${at}/messages`,
        JSON.stringify({ messages: messages.map(encodeMessage), stamp }),
      );
      return;
    } catch (error) {
      if (!(error instanceof StampNeededError) || tries === STAMP_TRIES) throw error; // while we worked, the epoch or the price changed
    }
  }
}

/**
 * The account from which a relay contributes for members of a round without money: the payer of their tags.
 * @throws RelayError where it does not
 */
export async function relayAccount(relay: string, round: Address): Promise<Address> {
  const { account } = ((await askRelay(relay, `${roundAt(relay, round)}/relay`)) ?? {}) as {
    readonly account?: unknown;
  };
  if (typeof account !== "string" || !isAddress(account, { strict: false }))
    throw new RelayError(
      withoutCredentials(relay),
      "it does not contribute to this round for others",
      "Use another relay, or contribute from an account of your own: then everybody sees from which.",
    );
  return account;
}

/**
 * Hands a member's contribution to a relay, which sends it with others' a little later: until the chain shows it nothing is sure. Only once
 * the ballot under its tag is on the chain: from here on others know the tag.
 * @throws RelayError
 */
export async function handContribution(
  relay: string,
  {
    round,
    key,
    credits,
    gateData,
  }: {
    readonly round: Address;
    readonly key: Point;
    readonly credits: bigint;
    readonly gateData: Hex;
  },
): Promise<void> {
  await askRelay(
    relay,
    `${roundAt(relay, round)}/contributions`,
    JSON.stringify({
      keyX: numberToHex(key.x),
      keyY: numberToHex(key.y),
      credits: String(credits),
      gateData,
    }),
  );
}

const roundAt = (relay: string, round: Address): string =>
  `${relay.replace(/\/$/, "")}/rounds/${round}`;

class StampNeededError extends RelayError {}

async function askRelay(relay: string, url: string, body?: string): Promise<unknown> {
  const shown = withoutCredentials(relay);
  let response: Response;
  try {
    response = await fetch(url, {
      credentials: "omit",
      signal: AbortSignal.timeout(RELAY_MS),
      ...(body === undefined
        ? {}
        : { method: "POST", headers: { "content-type": "application/json" }, body }),
    });
  } catch (cause) {
    throw new RelayError(shown, "it cannot be reached", undefined, cause);
  }
  const answer = (await response.json().catch(() => ({}))) as unknown;
  if (response.ok) return answer;
  const { error, fix } = (answer ?? {}) as { readonly error?: unknown; readonly fix?: unknown };
  const Refused = response.status === STAMP_NEEDED ? StampNeededError : RelayError;
  throw new Refused(
    shown,
    typeof error === "string"
      ? error.slice(0, 300).replace(/\.$/, "")
      : `it answers with status ${response.status}`,
    typeof fix === "string" ? fix.slice(0, 300) : undefined,
  );
}

/** @throws RelayError where it is none */
function parseChallenge(answer: unknown, relay: string): StampChallenge {
  const { epoch, bits } = (answer ?? {}) as { readonly epoch?: unknown; readonly bits?: unknown };
  if (
    typeof epoch !== "string" ||
    epoch.length > 100 ||
    !Number.isSafeInteger(bits) ||
    (bits as number) < 0
  )
    throw new RelayError(withoutCredentials(relay), "it does not say what work it asks for");
  return { epoch, bits: bits as number };
}

/** An address without what may be a password in it. */
function withoutCredentials(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return `${origin}${pathname === "/" ? "" : pathname}`;
  } catch {
    return "the given address";
  }
}
