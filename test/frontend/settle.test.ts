import { expect, test } from "vitest";
import { finalItems, settledItems } from "../../frontend/src/chain/settle.ts";
import type { SiteChain } from "../../frontend/src/config/site.ts";
import type { ReadClient } from "../../src/index.ts";
import { roundFixture } from "../contracts/support/round.ts";
import { messageOf } from "../contracts/support/steps.ts";

const load = roundFixture();

test("CMD-4: a new tag's message needs no waiting; a later one's nonce is made when all before it are final", async () => {
  const { round, publicClient, helpers } = await load();
  const [read, chain] = [publicClient as unknown as ReadClient, { finality: 3 } as SiteChain];
  await round.write.publish([messageOf(1)]);
  await helpers.mine(3);
  await round.write.publish([messageOf(2)]);
  expect(await finalItems(read, round.address, chain)).toBe(1);

  const waited = Promise.withResolvers<void>();
  let settled = false;
  const items = settledItems(read, round.address, chain, waited.resolve).finally(() => (settled = true));
  await waited.promise;
  expect(settled).toBe(false);
  await helpers.mine(3);
  expect(await items).toBe(2);
});
