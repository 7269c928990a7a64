import type { Address } from "viem";
import type { ReadClient } from "../chain/client.ts";
import type { Finality } from "../chain/finality.ts";
import type { StepSender } from "../coordinator/sending/sender.ts";
import type { Database } from "../coordinator/store/database.ts";
import type { ContributionRelay } from "./contribution_relay.ts";
import type { CoverSettings } from "./cover_clock.ts";

/** What an operator should know. `set aside`: refused by itself again and again, kept and not tried any more. `late`: the round has ended. */
export type RelayTrouble = {
  readonly what: "parted" | "set aside" | "late";
  readonly messages: number;
  readonly why: string;
};

/** What an operator decides about a relay. */
export type RelaySettings = CoverSettings & {
  /** Messages in one transaction, and of one donor, at most. */
  readonly batchSize: number;
  /** Messages an hour, cover among them: bounds what strangers can make the relay pay. */
  readonly messagesPerHour: number;
  /** Messages in the whole round, cover among them. */
  readonly mostMessages?: number | undefined;
  /** What the round's messages may cost, gas and fees together, in wei. */
  readonly mostWei?: bigint | undefined;
  /** The work a message instead of what load asks for: for sandboxes. */
  readonly stampBits?: number | undefined;
};

export type RelayOptions = RelaySettings & {
  readonly client: ReadClient;
  readonly database: Database;
  readonly sender: StepSender;
  readonly chainId: number;
  readonly round: Address;
  readonly finality: Finality;
  readonly messageFee: bigint;
  /** The round's end, in seconds. */
  readonly end: bigint;
  /** Sends members' contributions; only for rounds without money. */
  readonly contributions?: ContributionRelay | undefined;
  /** Donors' and cover messages together: nobody is to learn how many of each. */
  readonly onPublished?: (messages: number) => void;
  readonly onTrouble?: (trouble: RelayTrouble) => void;
};
