import { FIRST_STEP } from "../../../src/index.ts";

/**
 * In which order projects are read and, mixed, shown: drawn anew for every visit, as the first on the page would otherwise get more. One that is
 * opened at its own address comes in the first step, together with its neighbours, always the same: so the node learns no more than that it
 * is one of these, however often it is opened.
 */
export function arrangeProjects(count: number, lookedAt: number | undefined): readonly number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  if (lookedAt === undefined || lookedAt >= count) return order;
  const part = (index: number) => Math.floor(index / FIRST_STEP);
  const isNear = (index: number) => part(index) === part(lookedAt);
  return [...order.filter(isNear), ...order.filter((index) => !isNear(index))];
}
