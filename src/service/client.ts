import type { Address } from "viem";
import { BaseError } from "../errors.ts";
import { makeStamp } from "../donor/stamp.ts";
import { encodeMessage, type MessageWords } from "../protocol/message.ts";
import type {
  Accepted,
  Challenge,
  Failure,
  Health,
  MessagesBody,
  RoundList,
  RoundStatus,
} from "./schemas.ts";

export class CoordinatorApiError extends BaseError {
  readonly status: number;

  constructor(url: string, status: number, { error, fix }: Partial<Failure>, cause?: unknown) {
    super(error ?? `${url} answers with status ${status}.`, {
      fix: fix ?? "Check the URL; the round itself can be reached on chain.",
      cause,
    });
    this.status = status;
  }
}

/** A coordinator's HTTP API. */
export type CoordinatorClient = {
  readonly health: () => Promise<Health>;
  readonly rounds: () => Promise<RoundList>;
  readonly round: (round: string) => Promise<RoundStatus>;
  /** Hands messages to the relay, in their order, with the work that it asks for; all are taken or none. */
  readonly relayMessages: (round: Address, messages: readonly MessageWords[]) => Promise<Accepted>;
};

/** A typed client; all its calls throw CoordinatorApiError. `fetch` of the browser or of Node. */
export function coordinatorClient(url: string): CoordinatorClient {
  const base = url.replace(/\/$/, "");
  return {
    health: () => call(`${base}/health`),
    rounds: () => call(`${base}/rounds`),
    round: (round) => call(`${base}/rounds/${round}`),
    async relayMessages(round, messages) {
      const stamp = await makeStamp(await call<Challenge>(`${base}/rounds/${round}/stamp`), {
        round,
        messages,
      });
      const body: MessagesBody = {
        messages: messages.map(encodeMessage),
        stamp: { epoch: stamp.epoch, work: [...stamp.work] },
      };
      return call(`${base}/rounds/${round}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    },
  };
}

async function call<T>(url: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    throw new CoordinatorApiError(url, 0, { error: `${url} cannot be reached.` }, cause);
  }
  const answer = (await response.json().catch(() => ({}))) as T & Partial<Failure>;
  if (!response.ok) throw new CoordinatorApiError(url, response.status, answer);
  return answer;
}
