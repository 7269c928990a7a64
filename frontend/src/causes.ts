const MOST = 12;

/** An error with what caused it, and what caused that. Wallets and libraries wrap the same refusal in many ways. */
export function listCauses(error: unknown): readonly object[] {
  const errors: object[] = [];
  for (let one = error; one instanceof Object && errors.length < MOST; one = (one as Error).cause)
    errors.push(one);
  return errors;
}

/** The numbers by which wallets tell their refusals, the one that the wallet itself gave last. */
export function listCodes(error: unknown): readonly number[] {
  return listCauses(error).flatMap((one) =>
    "code" in one && typeof one.code === "number" ? [one.code] : [],
  );
}
