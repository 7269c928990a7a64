import { Group } from "@semaphore-protocol/group";
import { BaseError } from "../errors.ts";
import { P } from "../params.ts";
import { GROUP_DEPTH } from "./membership.ts";

export class GroupError extends BaseError {
  constructor(why: string) {
    super(`These commitments make no group: ${why}.`, {
      fix: "Give each member's commitment once, as `tacit member new` or any Semaphore library shows it.",
    });
  }
}

/** The tree over commitments, in their order, as Semaphore makes it (LeanIMT). @throws GroupError */
export function makeGroup(members: readonly bigint[]): Group {
  if (members.length === 0) throw new GroupError("there are none");
  if (members.length > 2 ** GROUP_DEPTH)
    throw new GroupError(`there are ${members.length}, more than ${2 ** GROUP_DEPTH}`);
  const wrong = members.findIndex((one) => one <= 0n || one >= P);
  if (wrong >= 0)
    throw new GroupError(`number ${wrong + 1} is not above 0 and below the field's order`);
  const known = new Map<bigint, number>();
  for (const [i, one] of members.entries()) {
    const earlier = known.get(one);
    if (earlier !== undefined)
      throw new GroupError(`numbers ${earlier + 1} and ${i + 1} are the same`);
    known.set(one, i);
  }
  return new Group([...members]);
}

/** The root that SemaphoreChecker is made with (GATE-12). @throws GroupError */
export const groupRoot = (members: readonly bigint[]): bigint => makeGroup(members).root;
