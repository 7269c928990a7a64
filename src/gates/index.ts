import { concatHex, hexToNumber, numberToHex, size, slice, type Address, type Hex } from "viem";
import type { CheckerKind, CheckerSettings, DonorContext } from "./checker.ts";
import { eas } from "./eas.ts";
import { erc20AtBlock } from "./erc20_at_block.ts";
import { erc721 } from "./erc721.ts";
import { merkle } from "./merkle.ts";
import { notListed } from "./not_listed.ts";
import { plainAccount } from "./plain_account.ts";
import { semaphore } from "./semaphore.ts";
import { sortition } from "./sortition.ts";
import { votes } from "./votes.ts";
import { voucher } from "./voucher.ts";

/** Every kind of checker that this version knows: a new one is a contract, a file here, a line in this list, and its creation code in src/chain/contracts.ts. */
export const CHECKERS: readonly CheckerKind[] = [
  merkle,
  notListed,
  plainAccount,
  voucher,
  erc721,
  votes,
  sortition,
  semaphore,
  eas,
  erc20AtBlock,
];

/** The kind with this id; undefined for one that this version does not know. */
export const findChecker = (id: string, kinds = CHECKERS): CheckerKind | undefined =>
  kinds.find((kind) => kind.id === id);

/** A gate's clauses with what each checker says that it is and was made with (GATE-3). */
export type Clauses = readonly (readonly {
  readonly checker: Address;
  readonly id: string;
  readonly settings: CheckerSettings;
}[])[];

/** Checkers that a clause can have. */
const PLACES = 4;
/** In the first byte of a top-up's data: an identity follows, not evidence. */
const KNOWN = 128;

/** What a gate wants to be given: the chosen clause and one evidence for each of its checkers, packed (GATE-3). */
export function encodeGateData(clause: number, evidence: readonly Hex[]): Hex {
  return concatHex([
    numberToHex(clause, { size: 1 }),
    ...evidence.flatMap((one) => [numberToHex(size(one), { size: 2 }), one]),
  ]);
}

/** The evidence in such data, in its order; undefined where it does not come out even. */
export function readEvidence(data: Hex): readonly Hex[] | undefined {
  const all: Hex[] = [];
  let at = 1;
  while (at + 2 <= size(data)) {
    const end = at + 2 + hexToNumber(slice(data, at, at + 2));
    if (end > size(data)) return undefined;
    // An empty one has nothing to slice.
    all.push(end === at + 2 ? "0x" : slice(data, at + 2, end));
    at = end;
  }
  return at === size(data) ? all : undefined;
}

/** What a gate wants for a top-up by an identity that it has admitted: which checker of which clause gave it (GATE-5). */
export function encodeKnownIdentity(clause: number, place: number, identity: Hex): Hex {
  return concatHex([numberToHex(KNOWN + PLACES * clause + place, { size: 1 }), identity]);
}

/**
 * The data for the first clause for which the donor has all evidence; else that which the first clause of known checkers refuses by name;
 * undefined where there is neither.
 */
export async function gateDataFor(
  clauses: Clauses,
  context: DonorContext,
  kinds: readonly CheckerKind[] = CHECKERS,
): Promise<Hex | undefined> {
  let refused: Hex | undefined;
  for (const [clause, checkers] of clauses.entries()) {
    const known = checkers.flatMap(({ id, ...one }) => {
      const kind = findChecker(id, kinds);
      return kind === undefined ? [] : [{ ...one, kind }];
    });
    if (known.length < checkers.length) continue;
    const evidence = await Promise.all(
      known.map(({ kind, ...one }) => kind.dataFor({ ...context, ...one })),
    );
    const filled = evidence.map((one, i) => one ?? (known[i]?.kind.without as Hex));
    if (evidence.every((one) => one !== undefined)) return encodeGateData(clause, filled);
    refused ??= encodeGateData(clause, filled);
  }
  return refused;
}

/** The identities that a gate's checkers are known to give the donor, with the data by which a top-up names each (GATE-5). */
export function knownIdentities(
  clauses: Clauses,
  context: DonorContext,
  kinds: readonly CheckerKind[] = CHECKERS,
): readonly { readonly checker: Address; readonly identity: Hex; readonly data: Hex }[] {
  return clauses.flatMap((checkers, clause) =>
    checkers.flatMap(({ id, ...one }, place) => {
      const identity = findChecker(id, kinds)?.identityFor?.({ ...context, ...one });
      return identity === undefined
        ? []
        : [{ checker: one.checker, identity, data: encodeKnownIdentity(clause, place, identity) }];
    }),
  );
}
