import { isAddressEqual, type Address, type Hex } from "viem";
import type { WriteClient } from "../chain/client.ts";
import type { Point } from "../crypto/curve.ts";
import { BaseError } from "../errors.ts";
import { deriveTag } from "../protocol/context.ts";
import type { OwnContribution } from "./contributions.ts";
import { askGate } from "./gate.ts";
import { payIn, type Paid, type PayBy, type PayStep } from "./pay.ts";

/** Where money goes, and how: of a round's settings what both calls need. */
export type GiftPlace = {
  readonly round: Address;
  readonly token: Address;
  readonly gate: Address;
  /** Token units of one credit. */
  readonly unit: bigint;
  readonly by: PayBy;
  readonly onStep?: ((step: PayStep) => void) | undefined;
};

export class NotPayerError extends BaseError {
  constructor(tag: bigint, payer: Address) {
    super(`The contribution under tag ${tag} is of ${payer}.`, {
      fix: "Only the account that contributed can add to it: use that one. Nothing was sent.",
    });
  }
}

export type Gift = { readonly amount: bigint; readonly gateData: Hex };

/**
 * Contributes under a key (PHASE-2), once the ballot that the key signed is on the chain.
 * @throws ContractRefusedError, InsufficientBalanceError before anything is asked of the wallet
 */
export async function giveMoney(
  client: WriteClient,
  place: GiftPlace,
  { key, amount, gateData }: Gift & { readonly key: Point },
): Promise<Paid & { readonly tag: bigint }> {
  const payer = client.wallet.account.address;
  const tag = deriveTag(payer, key);
  await askGate(client.read, {
    ...place,
    payer,
    credits: amount / place.unit,
    data: gateData,
    newTag: tag,
  });
  return {
    ...(await payIn(client, {
      ...place,
      amount,
      call: { functionName: "contribute", args: [key.x, key.y, amount, gateData] },
    })),
    tag,
  };
}

/**
 * Adds to a contribution of the sender's (PHASE-3). By itself it changes no vote.
 * @throws NotPayerError, ContractRefusedError, InsufficientBalanceError before anything is asked of the wallet
 */
export async function addMoney(
  client: WriteClient,
  place: GiftPlace,
  { contribution, amount, gateData }: Gift & { readonly contribution: OwnContribution },
): Promise<Paid> {
  const { tag, credits, payer } = contribution;
  if (!isAddressEqual(payer, client.wallet.account.address)) throw new NotPayerError(tag, payer);
  await askGate(client.read, {
    ...place,
    payer,
    credits: credits + amount / place.unit,
    tag,
    data: gateData,
  });
  return payIn(client, {
    ...place,
    amount,
    call: { functionName: "topUp", args: [tag, amount, gateData] },
  });
}
