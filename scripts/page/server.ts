import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { BaseError } from "../../src/errors.ts";
import { isForeign } from "../../src/devnet/foreign.ts";
import { readBody, readBytes } from "../../src/devnet/read_body.ts";
import { PAGE_FOLDER } from "./build_page.ts";
import { securityHeaders, type Connections } from "./policy.ts";

export class PageServerError extends BaseError {
  constructor(port: number, cause: unknown) {
    super(`The page cannot be served on port ${port} of 127.0.0.1.`, {
      fix: "Stop the program that listens there.",
      cause,
    });
  }
}

/** Of what is no file of the page: as closed as can be, whatever it turns out to be. */
const PLAIN = securityHeaders("");

/** Answers of a server beside the page's own files: by method and path, with the request's body. */
export type Routes = Readonly<Record<string, (body: string) => Promise<string>>>;
/** Where requests below a path go: to another server, whose address may become known later. */
export type Forwards = Readonly<Record<string, () => string>>;
export type PageServer = { readonly url: string; readonly close: () => Promise<void> };

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".zkey": "application/octet-stream",
};
const MAX_BODY_BYTES = 4 << 20;

/** Serves the built page, `routes` and what is forwarded on 127.0.0.1; port 0 takes any free one. `connections` are what its policy allows besides. @throws PageServerError */
export async function servePage(
  routes: Routes,
  port: number,
  forwards: Forwards = {},
  connections: Connections = {},
): Promise<PageServer> {
  const server = createServer(
    (request, response) => void answer(routes, forwards, connections, request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(new PageServerError(port, cause)));
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}

async function answer(
  routes: Routes,
  forwards: Forwards,
  connections: Connections,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const [pathname = "/"] = (request.url ?? "/").split("?", 1);
    if (isForeign(request)) throw new ForeignOriginError();
    const route = routes[`${request.method} ${pathname}`];
    const forward = Object.keys(forwards).find((prefix) => pathname.startsWith(`${prefix}/`));
    if (forward !== undefined) {
      const url = `${forwards[forward]?.()}${pathname.slice(forward.length)}`;
      const { method = "GET", headers } = request;
      const sent =
        method === "POST" || method === "PUT"
          ? {
              method,
              headers: { "content-type": String(headers["content-type"]) },
              body: new Uint8Array(await readBytes(request, MAX_BODY_BYTES)),
            }
          : {};
      const answered = await fetch(url, sent);
      const told = (name: string, otherwise: string) => answered.headers.get(name) ?? otherwise;
      response
        .writeHead(answered.status, {
          ...PLAIN,
          "content-type": told("content-type", "application/json"),
          "cache-control": told("cache-control", "no-store"),
        })
        .end(Buffer.from(await answered.arrayBuffer()));
    } else if (route !== undefined) {
      const body = await route(await readBody(request, MAX_BODY_BYTES));
      const isPacked = /\bgzip\b/.test(String(request.headers["accept-encoding"]));
      response
        .writeHead(200, {
          ...PLAIN,
          "content-type": "application/json",
          "cache-control": "no-store",
          ...(isPacked ? { "content-encoding": "gzip" } : {}),
        })
        .end(isPacked ? await promisify(gzip)(body) : body);
    } else
      await sendFile(
        pathname,
        String(request.headers["accept-encoding"] ?? ""),
        connections,
        response,
      );
  } catch (error) {
    const status =
      error instanceof NotFoundError ? 404 : error instanceof ForeignOriginError ? 403 : 502;
    if (!response.headersSent)
      response.writeHead(status, { ...PLAIN, "content-type": "text/plain" });
    response.end();
  }
}

class NotFoundError extends Error {}
class ForeignOriginError extends Error {}

async function sendFile(
  pathname: string,
  accepted: string,
  connections: Connections,
  response: ServerResponse,
): Promise<void> {
  const name = pathname === "/" ? "index.html" : pathname.slice(1);
  const file = path.join(PAGE_FOLDER, path.normalize(name));
  const type = TYPES[path.extname(file)];
  if (!file.startsWith(`${PAGE_FOLDER}${path.sep}`) || type === undefined)
    throw new NotFoundError();
  const encoding = /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : undefined;
  const compressible = encoding !== undefined && !file.endsWith(".woff2");
  const content = compressible ? await compressed(file, encoding) : await readContent(file);
  // Names of assets hold a hash of their content.
  const cache = name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  const encoded = compressible ? { "content-encoding": encoding } : {};
  response
    .writeHead(200, {
      ...securityHeaders(name, connections),
      "content-type": type,
      "cache-control": cache,
      vary: "accept-encoding",
      ...encoded,
    })
    .end(content);
}

function readContent(file: string): Promise<Buffer> {
  return readFile(file).catch(() => {
    throw new NotFoundError();
  });
}

/** Compressed once: the built page does not change while it is served. */
const ready = new Map<string, Promise<Buffer>>();
function compressed(file: string, encoding: "br" | "gzip"): Promise<Buffer> {
  const key = `${encoding} ${file}`;
  const known = ready.get(key);
  if (known !== undefined) return known;
  const made = readContent(file).then((content) =>
    encoding === "br"
      ? promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
      : promisify(gzip)(content),
  );
  made.catch(() => ready.delete(key));
  ready.set(key, made);
  return made;
}
