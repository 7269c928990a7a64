import { COMMAND_WORDS, DOMAIN } from "../params.ts";
import {
  clearCofactor,
  multiplySecret,
  toMontgomery,
  type MontgomeryPoint,
  type Point,
} from "./curve.ts";
import { permute } from "./poseidon.ts";

/** secret·point, an eighth of the shared point (ROW-5). `point` acceptable, secret in [1, L). */
export function sharedRoot(secret: bigint, point: Point): Point {
  return multiplySecret(point, secret);
}

/** MSG-2: S = 8·root, in Montgomery coordinates; root = r·C for the donor, c·R for the coordinator. */
export function sharedPoint(root: Point): MontgomeryPoint {
  return toMontgomery(clearCofactor(root));
}

/** MSG-3: the 9 words added to a command. Elements 0, 10 and 11 of the permuted state stay secret. */
export function keystream(shared: MontgomeryPoint, ctx: bigint): bigint[] {
  return permute([DOMAIN.keystream, shared.u, shared.v, ctx, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]).slice(
    1,
    1 + COMMAND_WORDS,
  );
}
