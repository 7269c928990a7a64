import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { handToRelay, RelayError } from "../../src/donor/relay.ts";

afterEach(() => vi.restoreAllMocks());

test.each([
  ["says nothing", ""],
  ["begins an answer and never ends it", '{"epoch":'],
])(
  "a relay that %s holds nobody up for ever",
  async (_, beginning) => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => timeout(ms / 300));
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      if (beginning !== "") response.write(beginning);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const relay = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const round = "0x1111111111111111111111111111111111111111";
    await expect(handToRelay(relay, { round, messages: [] })).rejects.toThrow(RelayError);
    server.closeAllConnections();
    server.close();
  },
  10_000,
);
