import { createHash, hkdfSync } from "node:crypto";

/**
 * The trapdoor of a development key. It is a function of the circuit alone, so that keys, verifiers and their hashes are the
 * same on every machine; so anybody can compute it, and forge proofs with it.
 */
export type Trapdoor = { tau: bigint; alpha: bigint; beta: bigint; delta: bigint };

/** Marks the keys made from it as worthless for anything but development. */
const SEED = "tacit development key";

/** 64 bytes reduced modulo a 254-bit number: the bias is below 2^-250. */
const SECRET_BYTES = 64;

export function developmentTrapdoor(r1cs: Uint8Array, r: bigint): Trapdoor {
  const salt = createHash("sha256").update(r1cs).digest();
  const derive = (label: string): bigint => {
    const bytes = Buffer.from(hkdfSync("sha256", SEED, salt, label, SECRET_BYTES));
    return BigInt(`0x${bytes.toString("hex")}`) % r;
  };
  return {
    tau: derive("tau"),
    alpha: derive("alpha"),
    beta: derive("beta"),
    delta: derive("delta"),
  };
}
