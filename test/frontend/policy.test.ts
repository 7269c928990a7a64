import { expect, test } from "vitest";
import { securityHeaders } from "../../scripts/page/policy.ts";

// What each of the site's files may do, word for word: a word more opens a door that no visitor notices.

const SITE = {
  connect: ["https://node.example/v1/key", "wss://node.example", "./rpc"],
  walletRelay: "wss://wallets.example/v2",
};
const ANY = "https: http://127.0.0.1:* http://localhost:*";
const parts = (scripts: string, pictures: string, more: string, frames: string) =>
  [
    "default-src 'none'",
    `script-src 'self'${scripts}`,
    ...(frames === "*" ? [] : ["worker-src 'self'"]),
    "style-src 'self'",
    "font-src 'self'",
    `img-src 'self'${pictures}`,
    `connect-src 'self' https://node.example wss://node.example${more}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frames}`,
  ].join("; ");
const WASM = " 'wasm-unsafe-eval'";

test.each([
  ["index.html", parts("", " data:", " wss://wallets.example", "'none'")],
  ["verify.html", parts(WASM, "", ` ${ANY}`, "'none'")],
  ["embed.html", parts("", "", "", "*")],
  ["assets/verify.worker-B_x1-y.js", parts(WASM, "", ` ${ANY}`, "'none'")],
  ["assets/member.worker-B_x1-y.js", parts(WASM, "", "", "'none'")],
  // Of workers only those two by their whole name, and no document but the verifier asks any node.
  ["assets/keys.worker-B_x1-y.js", parts("", " data:", "", "'none'")],
  ["assets/verify.worker.js", parts("", " data:", "", "'none'")],
  ["assets/verify-B_x1-y.js", parts("", " data:", "", "'none'")],
])("%s", (file, policy) => {
  expect(securityHeaders(file, SITE)).toEqual({
    "content-security-policy": policy,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
  });
});
