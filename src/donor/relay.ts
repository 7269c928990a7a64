import type { Address } from "viem";
import { BaseError } from "../errors.ts";
import { encodeMessage, type MessageWords } from "../protocol/message.ts";

export class RelayError extends BaseError {
  constructor(relay: string, why: string, fix = "Try again, or publish from an account that nobody connects with you.", cause?: unknown) {
    super(`The relay at ${relay} did not take the messages: ${why}.`, { fix, cause });
  }
}

/**
 * Hands messages to a relay, without any account, name or cookie. It publishes them with others' a little later: until the chain shows them
 * nothing is sure.
 * @throws RelayError
 */
export async function handToRelay(relay: string, { round, messages }: { readonly round: Address; readonly messages: readonly MessageWords[] }): Promise<void> {
  const shown = withoutCredentials(relay);
  let response: Response;
  try {
    response = await fetch(`${relay.replace(/\/$/, "")}/rounds/${round}/messages`, {
      method: "POST", credentials: "omit", headers: { "content-type": "application/json" }, body: JSON.stringify({ messages: messages.map(encodeMessage) }),
    });
  } catch (cause) {
    throw new RelayError(shown, "it cannot be reached", undefined, cause);
  }
  if (response.ok) return;
  const { error, fix } = (await response.json().catch(() => ({}))) as { readonly error?: unknown; readonly fix?: unknown };
  throw new RelayError(shown, typeof error === "string" ? error.slice(0, 300).replace(/\.$/, "") : `it answers with status ${response.status}`, typeof fix === "string" ? fix.slice(0, 300) : undefined);
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
