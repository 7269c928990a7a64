/** The last moment that a date can be, in milliseconds (ECMA-262). */
const LAST = 8.64e15;

/** The date of a contract's time, in seconds since 1970. Those are up to 2^64, and dates are not: all that are later are the last one. */
export const dateOf = (seconds: bigint | number): Date =>
  new Date(Math.min(Number(seconds) * 1000, LAST));
