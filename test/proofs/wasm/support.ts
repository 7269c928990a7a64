import { FOLD_SIZES } from "../../../src/params.ts";
import { closeInputs, foldInputs, type CircuitInputs } from "../../../src/proofs/inputs.ts";
import { completeTranscript, prepareTally } from "../../../src/transcript/transcript.ts";
import { RoundBuilder } from "../../helpers/round_builder.ts";

/** 32 bytes, little-endian. */
export function bytesOf(x: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((x >> BigInt(8 * i)) & 255n));
}

/** Inputs for each circuit by its name, of a round with 14 donors. */
export function circuitInputs(): ReadonlyMap<string, CircuitInputs> {
  const round = new RoundBuilder({ seed: "circuits", projects: 40 });
  for (let i = 0; i < 14; i++) {
    const donor = round.actor(`donor ${i}`, 10_000n);
    round.contribute(donor);
    round.send(donor, "votes", "accepted");
  }
  const { items, statement, coordinator } = round.finish();
  const inputs = new Map<string, CircuitInputs>();
  for (const { name, rows } of FOLD_SIZES) {
    const tally = prepareTally(items, statement, coordinator.secret, rows);
    const transcript = completeTranscript(tally, coordinator.secret);
    inputs.set(`fold_${name}`, foldInputs(transcript.folds[0] as never, transcript.constants, tally.rowsSalt));
    inputs.set("close", closeInputs(transcript, coordinator.publicKey));
  }
  return inputs;
}
