/**
 * For views of contracts that anybody may have written: a node would let a call take all the gas of a block, seconds for one that never ends, and
 * what was asked together with it waits. An honest one of these views takes less than a tenth of this.
 */
export const BOUNDED = { gas: 1_000_000n } as const;
