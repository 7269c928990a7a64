import type { IncomingMessage } from "node:http";

/** A request's body as text. @throws RangeError beyond `maxBytes` */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  return (await readBytes(request, maxBytes)).toString("utf8");
}

/** A request's body. @throws RangeError beyond `maxBytes` */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw new RangeError("body too long");
    parts.push(part);
  }
  return Buffer.concat(parts);
}
