import { expect, test } from "vitest";
import type { ReadClient } from "../../src/chain/client.ts";
import { finalItems, settledItems } from "../../src/donor/nonce.ts";
import { roundFixture } from "../contracts/support/round.ts";
import { makeMessage } from "../contracts/support/steps.ts";

const load = roundFixture();

test("CMD-4: a new tag's message needs no waiting; a later one's nonce is made when all before it are final", async () => {
  const { round, publicClient, helpers } = await load();
  const [read, place] = [
    publicClient as unknown as ReadClient,
    { round: round.address, finality: 3 },
  ];
  await round.write.publish([makeMessage(1)]);
  await helpers.mine(3);
  await round.write.publish([makeMessage(2)]);
  expect(await finalItems(read, place)).toBe(1);

  const waited = Promise.withResolvers<void>();
  let settled = false;
  const items = settledItems(read, place, waited.resolve).finally(() => (settled = true));
  await waited.promise;
  expect(settled).toBe(false);
  await helpers.mine(3);
  expect(await items).toBe(2);
});
