import {
  BaseError as ViemError,
  encodeFunctionData,
  InsufficientFundsError,
  keccak256,
  parseTransaction,
  TransactionReceiptNotFoundError,
  type Address,
  type Hex,
  type TransactionReceipt,
  type TransactionSerializable,
  type TransactionSerializedGeneric,
} from "viem";
import { RpcUnreachableError, type WriteClient } from "../../chain/client.ts";
import { TransactionFailedError } from "../../chain/fate.ts";
import { refusal } from "../../chain/send.ts";
import { BaseError } from "../../errors.ts";
import { feesFor, type ChainFees } from "./fees.ts";
import { ownEntries, requireWithin, type OwnEntries, type SendingBounds } from "./own_entries.ts";
import type { AnyCall, Step, StepSender } from "./sender.ts";
import { sleep } from "./sleep.ts";
import type { Journal, JournalEntry, Sender } from "../store/journal.ts";

export class OutOfCoinError extends BaseError {
  constructor(account: Address, cause: unknown) {
    super(`The account ${account} has not enough coin for gas.`, {
      fix: "Send it coin; what is signed already is sent again then.",
      cause,
    });
  }
}

export class StoppedError extends BaseError {
  constructor() {
    super("Stopped while a transaction was waiting to be mined.", {
      fix: "Start again: it is followed up.",
    });
  }
}

export type SenderOptions = {
  readonly pollSeconds?: number;
  /** A transaction that is not mined by then is sent again with a higher fee. */
  readonly bumpSeconds?: number;
  /** Never offers more than this a unit of gas, in wei; then waits for the fees to fall. */
  readonly maxFeePerGas?: bigint | undefined;
  /** Gives up after so long without any answer from the RPC. */
  readonly giveUpSeconds?: number;
  readonly onSent?: (entry: JournalEntry) => void;
  /** Asked whenever something is signed or taken from the journal; without it anything may be sent. */
  readonly bounds?: () => SendingBounds | undefined;
  /** Told once of each journal entry that this account did not write, or should not have: it is not used. */
  readonly onForeign?: (entry: JournalEntry, why: string) => void;
  /** Stops waiting; what was sent stays in the journal. */
  readonly signal?: AbortSignal;
};

type Unsigned = {
  readonly to: Address;
  readonly data: Hex;
  readonly value: bigint;
  readonly nonce: number;
  readonly gas: bigint;
};

/** Gas beyond the estimate, which is made on a state that may change before the transaction is mined. */
export const GAS_MARGIN_PERCENT = 20n;
/** Polls for which a used nonce without receipt is taken for a lagging node, before the transaction counts as lost. */
const LAG_POLLS = 10;
/** Development chains mine at once; the wait doubles from here to `pollSeconds`. */
const FIRST_POLL_SECONDS = 0.02;

/**
 * Sends with a journal: a signed transaction is written down before it is sent. After a crash the same bytes are sent again, and a
 * replacement has the same nonce, so of all that was ever signed for a step one is mined. The journal is believed only where this account wrote it:
 * whoever can write the database can neither have something signed nor have something taken for done.
 */
export class DurableSender implements StepSender {
  readonly isOrdered = true;
  readonly #client: WriteClient;
  readonly #journal: Journal;
  readonly #sender: Sender;
  readonly #options: SenderOptions;
  #signing: Promise<unknown> = Promise.resolve();
  #own: Promise<OwnEntries> | undefined;
  readonly #foreign = new Set<string>();

  constructor(client: WriteClient, journal: Journal, options: SenderOptions = {}) {
    this.#client = client;
    this.#journal = journal;
    this.#options = options;
    this.#sender = { chainId: client.chainId, account: client.wallet.account.address };
  }

  /** @throws ContractRefusedError before anything is sent; TransactionFailedError, OutOfCoinError, RpcUnreachableError */
  async perform(
    step: Step,
    onSigned: () => void = () => undefined,
  ): Promise<TransactionReceipt | undefined> {
    if (await step.isDone()) return undefined;
    const earlier = await this.#finishEarlier(step.name);
    if (earlier !== undefined && (await step.isDone(earlier))) return earlier;
    const entry = await this.#signFirst(step.name, await step.call());
    onSigned();
    const receipt = await this.#follow([entry]);
    if (receipt?.status !== "success") throw new TransactionFailedError(step.name, entry.hash);
    return receipt;
  }

  async settle(prefix: string): Promise<void> {
    const open = (await this.#filterOwn(await this.#journal.allOpen(this.#sender))).filter(
      ({ step }) => step.startsWith(prefix),
    );
    for (const entries of Map.groupBy(open, ({ nonce }) => nonce).values())
      await this.#follow(entries);
  }

  /** What was sent for the step before a crash or a reorganisation: waits until it is mined or cannot be any more. */
  async #finishEarlier(step: string): Promise<TransactionReceipt | undefined> {
    const all = await this.#filterOwn(
      await this.#journal.ofStep(this.#sender, step, ["open", "mined"]),
    );
    let last: TransactionReceipt | undefined;
    for (const nonce of new Set(all.map((entry) => entry.nonce)))
      last = (await this.#follow(all.filter((entry) => entry.nonce === nonce))) ?? last;
    return last?.status === "success" ? last : undefined;
  }

  /** Those entries that this account wrote. */
  async #filterOwn(entries: readonly JournalEntry[]): Promise<JournalEntry[]> {
    const { objection } = await this.#ownEntries();
    const own: JournalEntry[] = [];
    for (const entry of entries) {
      const why = await objection(entry);
      if (why === undefined) own.push(entry);
      else if (!this.#foreign.has(entry.hash)) {
        this.#foreign.add(entry.hash);
        this.#options.onForeign?.(entry, why);
      }
    }
    return own;
  }

  #ownEntries(): Promise<OwnEntries> {
    this.#own ??= ownEntries(this.#client.wallet.account, this.#sender.chainId, () =>
      this.#options.bounds?.(),
    );
    return this.#own;
  }

  /** Simulates, signs, writes down. One at a time, so that nonces follow each other. */
  async #signFirst(step: string, call: AnyCall): Promise<JournalEntry> {
    const { read, wallet } = this.#client;
    const { address, value = 0n } = call;
    if (call.gas === undefined) {
      try {
        await read.simulateContract({ ...call, account: wallet.account } as never);
      } catch (cause) {
        throw refusal(call.functionName, cause);
      }
    }
    const data = encodeFunctionData(call as never);
    const gas =
      call.gas ?? (await read.estimateGas({ account: wallet.account, to: address, data, value }));
    const signed = this.#signing.then(async () => {
      const nonce = await this.#nextNonce();
      const unsigned = {
        to: address,
        data,
        value,
        nonce,
        gas: gas + (gas * GAS_MARGIN_PERCENT) / 100n,
      };
      return this.#sign(step, unsigned, await feesFor(read, this.#options.maxFeePerGas));
    });
    this.#signing = signed.catch(() => undefined);
    return signed;
  }

  /**
   * The first nonce that neither the chain nor the journal has. What lies between, such as a step that somebody else did after
   * we had signed it, is sent again: a gap would hold up everything after it.
   */
  async #nextNonce(): Promise<number> {
    let nonce = await this.#client.read.getTransactionCount({
      address: this.#sender.account,
      blockTag: "latest",
    });
    const open = await this.#filterOwn(await this.#journal.allOpen(this.#sender));
    for (
      let entry;
      (entry = open.findLast((other) => other.nonce === nonce)) !== undefined;
      nonce++
    )
      await this.#broadcast(entry);
    return nonce;
  }

  async #sign(
    step: string,
    unsigned: Unsigned,
    { isLegacy, ...fees }: ChainFees,
  ): Promise<JournalEntry> {
    const { chainId, account } = this.#sender;
    const sign = this.#client.wallet.account.signTransaction;
    if (sign === undefined) throw new TypeError("the account signs elsewhere: use plainSender");
    requireWithin(this.#options.bounds?.(), unsigned);
    const raw = await sign({
      ...unsigned,
      chainId,
      ...(isLegacy
        ? { type: "legacy", gasPrice: fees.maxFee }
        : {
            type: "eip1559",
            maxFeePerGas: fees.maxFee,
            maxPriorityFeePerGas: fees.priorityFee,
          }),
    });
    const hash = keccak256(raw);
    const mac = (await this.#ownEntries()).authenticate(step, hash);
    const entry: JournalEntry = {
      hash,
      step,
      chainId,
      account,
      nonce: unsigned.nonce,
      raw,
      ...fees,
      state: "open",
      sentAt: Date.now(),
      mac,
    };
    await this.#journal.add(entry);
    return entry;
  }

  /** The same nonce at a higher fee, or nothing where fees are at the limit already. */
  async #replace(entry: JournalEntry): Promise<JournalEntry | undefined> {
    const {
      to,
      data = "0x",
      value = 0n,
      nonce = 0,
      gas,
      gasPrice = 0n,
      maxFeePerGas: maxFee = gasPrice,
      maxPriorityFeePerGas: priorityFee = gasPrice,
    } = parseTransaction(entry.raw as TransactionSerializedGeneric) as TransactionSerializable;
    const fees = await feesFor(this.#client.read, this.#options.maxFeePerGas, {
      maxFee,
      priorityFee,
    });
    if (fees.maxFee <= maxFee || !to || gas === undefined) return undefined;
    return this.#sign(entry.step, { to, data, value, nonce, gas }, fees);
  }

  /** Sends transactions of one nonce until one of them is mined; nothing if the nonce went to something else. */
  async #follow(entries: readonly JournalEntry[]): Promise<TransactionReceipt | undefined> {
    const {
      pollSeconds = 1,
      bumpSeconds = 60,
      giveUpSeconds = 600,
      onSent,
      signal,
    } = this.#options;
    const all = [...entries];
    const { nonce } = all[0] as JournalEntry;
    let [lastAnswer, lastSent, orphanPolls] = [Date.now(), 0, 0];
    for (let pause = FIRST_POLL_SECONDS; ; pause = Math.min(2 * pause, pollSeconds)) {
      if (signal?.aborted === true) throw new StoppedError();
      try {
        const receipt = await this.#findReceipt(all);
        if (receipt !== undefined) {
          await this.#settle(nonce, receipt);
          return receipt;
        }
        const used = await this.#client.read.getTransactionCount({
          address: this.#sender.account,
          blockTag: "latest",
        });
        if (used > nonce && ++orphanPolls > LAG_POLLS) {
          for (const from of ["open", "mined"] as const)
            await this.#journal.settle(this.#sender, nonce, { from, to: "lost" });
          return undefined;
        }
        if (used <= nonce) {
          const latest = all.at(-1) as JournalEntry;
          const overdue = lastSent > 0 && Date.now() - lastSent > bumpSeconds * 1000;
          const replacement = overdue ? await this.#replace(latest) : undefined;
          if (replacement !== undefined) all.push(replacement);
          if (lastSent === 0 || overdue) {
            await this.#broadcast(replacement ?? latest);
            onSent?.(replacement ?? latest);
            lastSent = Date.now();
          }
        }
        lastAnswer = Date.now();
      } catch (error) {
        if (error instanceof OutOfCoinError) throw error;
        if (Date.now() - lastAnswer > giveUpSeconds * 1000)
          throw new RpcUnreachableError("the given address", error);
      }
      await sleep(pause, signal);
    }
  }

  async #settle(nonce: number, receipt: TransactionReceipt): Promise<void> {
    const to = receipt.status === "success" ? "mined" : "reverted";
    for (const from of ["open", "mined"] as const)
      await this.#journal.settle(this.#sender, nonce, { from, to }, Number(receipt.blockNumber));
    // Another node may answer next: what is read from here on shall know this block.
    while ((await this.#client.read.getBlockNumber()) < receipt.blockNumber)
      await sleep(this.#options.pollSeconds ?? 1);
  }

  async #findReceipt(entries: readonly JournalEntry[]): Promise<TransactionReceipt | undefined> {
    for (const { hash } of entries) {
      try {
        return await this.#client.read.getTransactionReceipt({ hash });
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
      }
    }
    return undefined;
  }

  /** Where a node knows the transaction, or its nonce is used, polling will tell. @throws OutOfCoinError, and what the RPC throws */
  async #broadcast({ raw }: JournalEntry): Promise<void> {
    try {
      await this.#client.read.sendRawTransaction({ serializedTransaction: raw });
    } catch (error) {
      if (
        error instanceof ViemError &&
        error.walk((e) => e instanceof InsufficientFundsError) !== null
      )
        throw new OutOfCoinError(this.#sender.account, error);
      if (/insufficient funds|doesn't have enough funds/i.test(String(error)))
        throw new OutOfCoinError(this.#sender.account, error);
      if (
        !/already known|known transaction|already imported|already exists|nonce too low|nonce has already|underpriced/i.test(
          String(error),
        )
      )
        throw error;
    }
  }
}
