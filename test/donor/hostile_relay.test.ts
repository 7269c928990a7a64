import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { handToRelay, RelayError } from "../../src/donor/relay.ts";
import { MOST_STAMP_BITS, StampTooDearError } from "../../src/donor/stamp.ts";

afterEach(() => vi.restoreAllMocks());

const round = "0x1111111111111111111111111111111111111111";

/** What hands a ballot of no messages to a relay that answers every request so, and the requests that it got. */
async function handTo(answer: string, isWhole: boolean) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "content-type": "application/json" });
    if (answer !== "") response.write(answer);
    if (isWhole) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const relay = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const handed = handToRelay(relay, { round, messages: [] }).finally(() => {
    server.closeAllConnections();
    server.close();
  });
  return { handed, asked };
}

test.each([
  ["says nothing", ""],
  ["begins an answer and never ends it", '{"epoch":'],
])(
  "a relay that %s holds nobody up for ever",
  async (_, beginning) => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => timeout(ms / 300));
    await expect((await handTo(beginning, false)).handed).rejects.toThrow(RelayError);
  },
  10_000,
);

test.each([
  [
    "more work than anybody's device does",
    { epoch: "0", bits: MOST_STAMP_BITS + 1 },
    StampTooDearError,
  ],
  ["no number of bits", { epoch: "0", bits: "8" }, RelayError],
  ["less than none", { epoch: "0", bits: -1 }, RelayError],
  ["work for no epoch", { bits: 8 }, RelayError],
  ["work for an epoch that is a book", { epoch: "0".repeat(101), bits: 8 }, RelayError],
  ["null", null, RelayError],
])(
  "a relay that asks for %s is refused, before any work and before it has a message",
  async (_, answer, kind) => {
    const { handed, asked } = await handTo(JSON.stringify(answer), true);
    await expect(handed).rejects.toThrow(kind);
    expect(asked).toEqual([`GET /rounds/${round}/stamp`]);
  },
);
