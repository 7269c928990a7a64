import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EIP1193Provider } from "viem";
import { BaseError } from "../errors.ts";
import { isForeign } from "./foreign.ts";
import { readBody } from "./read_body.ts";

export class NoPortError extends BaseError {
  constructor(first: number, cause: unknown) {
    super(`No free port from ${first} to ${first + PORTS_TRIED - 1} on 127.0.0.1.`, {
      fix: "Stop one of the programs that listen there.",
      cause,
    });
  }
}

/** A JSON-RPC server over HTTP. `url` is where it listens. */
export type RpcServer = { readonly url: string; readonly close: () => Promise<void> };

const PORTS_TRIED = 20;
/** Larger bodies than any transaction that a node accepts (128 KiB, twice that in hex). */
const MAX_BODY_BYTES = 1 << 20;

/** Serves a provider on 127.0.0.1 at `firstPort` or the next free port. @throws NoPortError */
export async function serveRpc(provider: EIP1193Provider, firstPort: number): Promise<RpcServer> {
  const server = createServer(
    (request, response) =>
      void respond(provider, request, response).catch(() => response.destroy()),
  );
  for (let port = firstPort; ; port++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
          server.off("error", reject);
          resolve();
        });
      });
      break;
    } catch (error) {
      if (
        (error as NodeJS.ErrnoException).code !== "EADDRINUSE" ||
        port + 1 === firstPort + PORTS_TRIED
      )
        throw new NoPortError(firstPort, error);
    }
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type RpcRequest = { id?: number | string | null; method?: unknown; params?: unknown };

async function respond(
  provider: EIP1193Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (isForeign(request))
    return void send(403, {
      jsonrpc: "2.0",
      id: null,
      error: { code: -32600, message: "pages of other origins are not served" },
    });
  let body: unknown;
  try {
    body = JSON.parse(await readBody(request, MAX_BODY_BYTES)) as unknown;
  } catch {
    return void send(400, {
      jsonrpc: "2.0",
      id: null,
      error: { code: -32700, message: "the body is not JSON, or too long" },
    });
  }
  send(
    200,
    Array.isArray(body)
      ? await Promise.all(body.map((one) => answerOne(provider, one)))
      : await answerOne(provider, body),
  );
}

async function answerOne(provider: EIP1193Provider, asked: unknown): Promise<unknown> {
  if (typeof asked !== "object" || asked === null)
    return { jsonrpc: "2.0", id: null, error: { code: -32600, message: "not a request" } };
  const { id = null, method, params = [] } = asked as RpcRequest;
  try {
    return { jsonrpc: "2.0", id, result: await provider.request({ method, params } as never) };
  } catch (error) {
    const {
      code = -32603,
      message = "failed",
      data,
    } = Object(error) as { code?: number; message?: string; data?: unknown };
    return { jsonrpc: "2.0", id, error: { code, message, data } };
  }
}
