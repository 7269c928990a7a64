/** floor(√n) for n ≥ 0, by Newton's method from above. @throws RangeError if n is negative. */
export function integerSqrt(n: bigint): bigint {
  if (n < 0n) throw new RangeError(`${n} has no real square root`);
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1); // 2^ceil(bits/2) > √n
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}
