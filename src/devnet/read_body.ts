import type { IncomingMessage } from "node:http";

/** A request's body as text. @throws RangeError beyond `maxBytes` */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw new RangeError("body too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
