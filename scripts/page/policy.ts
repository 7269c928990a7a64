/**
 * The page's content security policy: its own files and the chain's nodes, and nothing else. WebAssembly is what proofs are checked
 * with. Wallets announce their icons as data: addresses.
 */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  const origins = [
    ...new Set(
      connect.filter((url) => /^(https?|wss?):\/\//.test(url)).map((url) => new URL(url).origin),
    ),
  ];
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...origins].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Headers for every answer of a server of the page; the last part of the policy works as a header only. */
export function securityHeaders(connect: readonly string[] = []): Record<string, string> {
  return {
    "content-security-policy": `${contentSecurityPolicy(connect)}; frame-ancestors 'none'`,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
  };
}
