/** A round by chain and contract. What is signed, encrypted or committed is bound to both (KEY-6). */
export type RoundRef = { readonly chainId: number; readonly address: `0x${string}` };

/** A round as one text, for keys of maps and records. */
export const roundRefText = ({ chainId, address }: RoundRef): string =>
  `${chainId}:${address.toLowerCase()}`;

/** Whether two name the same round; letter case of the addresses does not matter. */
export const isSameRound = (one: RoundRef, other: RoundRef): boolean =>
  roundRefText(one) === roundRefText(other);
