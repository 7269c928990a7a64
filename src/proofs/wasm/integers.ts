import { mod } from "../../crypto/field.ts";

/** 1/x modulo m, for x prime to m. */
export function invert(x: bigint, m: bigint): bigint {
  let [a, b, s, t] = [mod(x, m), m, 1n, 0n];
  while (b !== 0n) [a, b, s, t] = [b, a % b, t, s - (a / b) * t];
  return mod(s, m);
}
