import { createHmac, randomBytes } from "node:crypto";
import ipaddr from "ipaddr.js";

/** Under which names a client counts: `client` is what one person has, `network` what one customer of a provider may have. */
export type ClientNames = { readonly client: string; readonly network: string };

/** Bits of the prefixes: an IPv4 address and its /24; an IPv6 /64, which is the least that anybody gets, and its /48. */
const PREFIXES = { ipv4: [32, 24], ipv6: [64, 48] } as const;

/** However an address is spelled, and IPv4 within IPv6 as IPv4. What is no address counts as one client for all. */
export function addressPrefixes(address: string): readonly [client: string, network: string] {
  if (!ipaddr.isValid(address)) return ["unknown", "unknown"];
  const parsed = ipaddr.process(address);
  const bytes = parsed.toByteArray();
  const [client, network] = PREFIXES[parsed.kind()].map(
    (bits) => `${parsed.kind()} ${bytes.slice(0, bits / 8).join(".")}`,
  );
  return [client as string, network as string];
}

/** Names for addresses under a key that this process alone has and forgets when it ends. */
export function clientNamer(): (address: string) => ClientNames {
  const pepper = randomBytes(32);
  const named = (prefix: string) => createHmac("sha256", pepper).update(prefix).digest("base64");
  return (address) => {
    const [client, network] = addressPrefixes(address);
    return { client: named(client), network: named(network) };
  };
}
