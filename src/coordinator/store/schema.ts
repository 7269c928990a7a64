import type { Generated } from "kysely";

/** 256-bit integers are decimal strings, bytes are 0x hex; block numbers and times (ms since 1970) fit a double. */
export type Schema = {
  /** Rounds that are followed. `id` = `<chain id>:<address in lower case>`. */
  rounds: {
    id: string;
    chain_id: number;
    address: string;
    from_block: number;
    synced_block: number;
  };
  /** Hashes of blocks up to which logs were read, to notice reorganisations. */
  checkpoints: { round_id: string; block: number; hash: string };
  logs: {
    round_id: string;
    block: number;
    log_index: number;
    tx_hash: string;
    topics: string;
    data: string;
  };
  /** Proofs and their public signals; `key` names circuit and signals. Nothing here is secret. */
  proofs: {
    key: string;
    circuit: string;
    proof: string;
    signals: string;
    witness_seconds: number;
    prove_seconds: number;
  };
  /** Messages decrypted and rows computed before the proofs (AES-256-GCM under a key made from the coordinator's). */
  opened: { round_id: string; name: string; sealed: Uint8Array };
  /** Signed transactions, written before they are sent; one row for each fee at which one was sent. `mac` is made with the account's key over step and hash. */
  transactions: {
    hash: string;
    step: string;
    chain_id: number;
    account: string;
    nonce: number;
    raw: string;
    max_fee: string;
    priority_fee: string;
    state: TransactionState;
    sent_at: number;
    block: number | null;
    mac: string;
  };
  /** Messages on their way to the chain. `group_id` keeps the pages of one ballot in order, `place` is that in the batch; no addresses, no times. */
  relay_queue: {
    id: Generated<number>;
    round_id: string;
    group_id: string;
    words: string;
    batch: string | null;
    place: number;
  };
  /** Contributions that a relay sends for members, until they are final; no addresses, no times. */
  contribution_queue: {
    round_id: string;
    tag: string;
    key_x: string;
    key_y: string;
    credits: string;
    gate_data: string;
  };
  /** Ciphertexts (AES-256-GCM). */
  secrets: { name: string; ciphertext: string };
  meta: { key: string; value: string };
};

/** open: may still be mined. lost: its nonce went to something else. */
export type TransactionState = "open" | "mined" | "reverted" | "lost";
