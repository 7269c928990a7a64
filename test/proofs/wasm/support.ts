import { FOLD_SIZES } from "../../../src/params.ts";
import { localCoordinatorKey } from "../../../src/protocol/coordinator_key.ts";
import { closeInputs, foldInputs, type CircuitInputs } from "../../../src/proofs/inputs.ts";
import { completeTranscript, prepareTally } from "../../../src/transcript/transcript.ts";
import { RoundBuilder } from "../../helpers/round_builder.ts";

/** 32 bytes, little-endian. */
export function toBytes(x: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((x >> BigInt(8 * i)) & 255n));
}

/** Inputs for each circuit by its name, of a round with 14 donors. */
export async function circuitInputs(): Promise<ReadonlyMap<string, CircuitInputs>> {
  const round = new RoundBuilder({ seed: "circuits", projects: 40 });
  for (let i = 0; i < 14; i++) {
    const donor = round.actor(`donor ${i}`, 10_000n);
    round.contribute(donor);
    round.send(donor, "votes", "accepted");
  }
  const { items, statement, coordinator } = round.finish();
  const key = localCoordinatorKey(coordinator.secret);
  const inputs = new Map<string, CircuitInputs>();
  for (const { name, rows } of FOLD_SIZES) {
    const tally = await prepareTally(items, statement, key, rows);
    const transcript = await completeTranscript(tally, key);
    inputs.set(
      `fold_${name}`,
      foldInputs(transcript.folds[0] as never, transcript.constants, tally.rowsSalt),
    );
    inputs.set("close", closeInputs(transcript, coordinator.publicKey));
  }
  return inputs;
}
