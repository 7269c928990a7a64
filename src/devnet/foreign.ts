import type { IncomingMessage } from "node:http";

/**
 * Whether a browser sends the request for a page that is not this server's own: by its Origin, or by a Host that is not this machine, as when
 * another site's name is made to point here. Programs and wallets' extensions send no web origin.
 */
export function isForeign({
  headers: { origin, host },
}: Pick<IncomingMessage, "headers">): boolean {
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? "")) return true;
  if (origin === undefined || /^[a-z-]*-extension:\/\//.test(origin)) return false;
  return origin !== `http://${host}`;
}
