import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { TallyEvent } from "../coordinator/tally/tally.ts";
import type { RoundView } from "./round_worker.ts";

/** Numbers for Prometheus. Labels are rounds, stages and calls: nothing about a donor. */
export type Metrics = {
  readonly registry: Registry;
  readonly round: (view: RoundView) => void;
  readonly tally: (round: string, event: TallyEvent) => void;
  readonly proof: (
    circuit: string,
    seconds: { readonly witness: number; readonly prove: number },
  ) => void;
  readonly sent: () => void;
  readonly relayed: (messages: number) => void;
  readonly failed: (what: string) => void;
  /** What the account has, in wei. */
  readonly balance: (wei: bigint) => void;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "tacit_" });
  const registers = [registry];
  const block = new Gauge({
    name: "tacit_round_block",
    help: "Last final block that was read",
    labelNames: ["round"],
    registers,
  });
  const items = new Gauge({
    name: "tacit_round_items",
    help: "Contributions and messages on chain",
    labelNames: ["round"],
    registers,
  });
  const state = new Gauge({
    name: "tacit_round_state",
    help: "1 for the state that the round is in",
    labelNames: ["round", "state"],
    registers,
  });
  const done = new Gauge({
    name: "tacit_tally_done",
    help: "Steps done of a stage of the tally",
    labelNames: ["round", "stage"],
    registers,
  });
  const total = new Gauge({
    name: "tacit_tally_total",
    help: "Steps of a stage of the tally",
    labelNames: ["round", "stage"],
    registers,
  });
  const proofs = new Histogram({
    name: "tacit_proof_seconds",
    help: "Time of a proof",
    labelNames: ["circuit", "part"],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 20, 40, 80, 160],
    registers,
  });
  const sent = new Counter({
    name: "tacit_transactions_sent_total",
    help: "Transactions sent, replacements included",
    registers,
  });
  const relayed = new Counter({
    name: "tacit_relay_messages_total",
    help: "Messages published by the relay, cover included",
    registers,
  });
  const failures = new Counter({
    name: "tacit_failures_total",
    help: "Errors after which something was tried again",
    labelNames: ["what"],
    registers,
  });
  const balance = new Gauge({
    name: "tacit_account_balance",
    help: "Coin of the coordinator's account",
    registers,
  });
  return {
    registry,
    round(view) {
      block.set({ round: view.round }, view.block);
      items.set({ round: view.round }, view.items);
      for (const each of ["following", "tallying", "finalized", "ended", "waiting"])
        state.set({ round: view.round, state: each }, each === view.state ? 1 : 0);
    },
    tally(round, { stage, done: steps, total: all }) {
      done.set({ round, stage }, steps);
      total.set({ round, stage }, all);
    },
    proof(circuit, { witness, prove }) {
      proofs.observe({ circuit, part: "witness" }, witness);
      proofs.observe({ circuit, part: "prove" }, prove);
    },
    sent: () => sent.inc(),
    // Not by kind: cover that can be told is none, and metrics may be read by more people than are meant to.
    relayed: (messages) => relayed.inc(messages),
    failed: (what) => failures.inc({ what }),
    balance: (wei) => balance.set(Number(wei) / 1e18),
  };
}
