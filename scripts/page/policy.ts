import path from "node:path";

/**
 * The site's documents: the page itself, the verifier, which may ask any node, and the result that others may frame. A worker has the policy
 * with which its own file comes, so that of the verifier has the verifier's; that which proves a membership may run WebAssembly, as the page may not.
 */
type Kind = "page" | "prover" | "verifier" | "embedded";

export const DOCUMENTS = ["index.html", "verify.html", "embed.html"] as const;

function kindOf(file: string): Kind {
  const name = path.basename(file);
  if (name === "verify.html" || /^verify\.worker-[\w-]+\.js$/.test(name)) return "verifier";
  if (/^member\.worker-[\w-]+\.js$/.test(name)) return "prover";
  return name === "embed.html" ? "embedded" : "page";
}

/** Where a site's files may connect to. */
export type Connections = {
  /** Nodes, relays, and folders with pictures; those below the page's own address are allowed anyhow. */
  readonly connect?: readonly string[];
  /** The relay over which wallets on other devices answer: allowed to the page itself, and to no other document and no worker. */
  readonly walletRelay?: string | undefined;
};

/** Any node by https, and those on the visitor's own device. */
const ANY_NODE = ["https:", "http://127.0.0.1:*", "http://localhost:*"];

/**
 * The content security policy of one of the site's files: its own files and the chain's nodes, and nothing else. Wallets announce their icons as
 * data: addresses, and a picture of a result is drawn from one. WebAssembly is what proofs are checked and made with.
 */
export function contentSecurityPolicy(
  file: string,
  { connect = [], walletRelay }: Connections = {},
): string {
  const kind = kindOf(file);
  const allowed = [
    ...connect,
    ...(walletRelay !== undefined && path.basename(file) === "index.html" ? [walletRelay] : []),
  ];
  const origins = [
    ...new Set(
      allowed.filter((url) => /^(https?|wss?):\/\//.test(url)).map((url) => new URL(url).origin),
    ),
    ...(kind === "verifier" ? ANY_NODE : []),
  ];
  return [
    "default-src 'none'",
    `script-src 'self'${kind === "verifier" || kind === "prover" ? " 'wasm-unsafe-eval'" : ""}`,
    ...(kind === "embedded" ? [] : ["worker-src 'self'"]),
    "style-src 'self'",
    "font-src 'self'",
    `img-src 'self'${kind === "page" ? " data:" : ""}`,
    `connect-src ${["'self'", ...origins].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Headers for any answer of a server of the site. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** The headers of one file; the last part of the policy works as a header only. */
export function securityHeaders(
  file: string,
  connections: Connections = {},
): Record<string, string> {
  const ancestors = kindOf(file) === "embedded" ? "*" : "'none'";
  return {
    "content-security-policy": `${contentSecurityPolicy(file, connections)}; frame-ancestors ${ancestors}`,
    ...COMMON_HEADERS,
  };
}

/**
 * The same in the form that many static hosts read. A file has one policy only: where two rules named one, both would hold. Hosts that leave
 * `.html` out of addresses find the documents under both names.
 */
export function headersFile(files: readonly string[], connections: Connections): string {
  const rule = (address: string, headers: Readonly<Record<string, string>>) =>
    [address, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join("\n");
  const policed = files.filter(
    (file) => file.endsWith(".html") || /\.worker-[\w-]+\.js$/.test(file),
  );
  const rules = policed.toSorted().flatMap((file) => {
    const policy = {
      "content-security-policy": securityHeaders(file, connections)[
        "content-security-policy"
      ] as string,
    };
    const addresses = file.endsWith(".html")
      ? [`/${file}`, file === "index.html" ? "/" : `/${file.slice(0, -5)}`]
      : [`/${file}`];
    return addresses.map((address) => rule(address, policy));
  });
  return `${[rule("/*", COMMON_HEADERS), ...rules].join("\n")}\n`;
}
