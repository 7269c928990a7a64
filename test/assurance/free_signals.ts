/**
 * What a prover may choose freely, and why it changes nothing. The mutation tests accept these and nothing else.
 */
export const FREE_WIRES: readonly { readonly name: RegExp; readonly why: string }[] = [
  {
    name: /IsZero_\d+_\d+(\[\d+\])?\.inv$/,
    why: "circomlib's IsZero where its input is 0: out = 1 - in·inv is 1 for every inv, and inv is used nowhere else",
  },
];

/** Wires that a single constraint mentions, and why that is enough. */
export const USED_ONCE: readonly { readonly name: RegExp; readonly why: string }[] = [
  {
    name: /IsZero_\d+_\d+(\[\d+\])?\.inv$/,
    why: "circomlib's IsZero: that there is an inverse is the proof that the input is not 0",
  },
  { name: /(shared|product)\.inverse$/, why: "HalfSizeMultiple: the same, of S.u - P.u" },
];

/** By kind of row: inputs of fold.circom that may change without a trace, with the reason. */
export const FREE_INPUTS: Readonly<Record<string, string>> = {
  rowsSalt: "after the first fold: D's salt is read at genesis only (FOLD-2)",
  saltBefore: "in the first fold: before = 0 is no commitment, so nothing is opened (FOLD-2)",
  "high[0] = 1":
    "in a well-formed row: no word is pointed at, and the constraint that reads it is switched off (ROW-3)",
  "bounded[0][0]":
    "in a malformed row: bits of a header that names nobody, as `named` is 0 (ROW-4)",
  "bounded[0][3]": "in a malformed row: bits of a ballot that is not accepted (ROW-9)",
  "bounded[0][4]": "in a malformed row: the same",
};
