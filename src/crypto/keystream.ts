import { COMMAND_WORDS, DOMAIN } from "../params.ts";
import { clearCofactor, multiplySecret, toMontgomery, type MontgomeryPoint, type Point } from "./curve.ts";
import { permute } from "./poseidon.ts";

/** MSG-2: S = 8·secret·point, Montgomery coordinates. `point` acceptable, secret in [1, L): r with C, or c with R. */
export function sharedPoint(secret: bigint, point: Point): MontgomeryPoint {
  return toMontgomery(multiplySecret(clearCofactor(point), secret));
}

/** MSG-3: the 9 words added to a command. Elements 0, 10 and 11 of the permuted state stay secret. */
export function keystream(shared: MontgomeryPoint, ctx: bigint): bigint[] {
  return permute([DOMAIN.keystream, shared.u, shared.v, ctx, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]).slice(1, 1 + COMMAND_WORDS);
}
