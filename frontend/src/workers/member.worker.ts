import { curves } from "snarkjs";
import { commitmentOf, newMember, nullifierOf, proveMembership } from "../../../src/index.ts";
import type { MemberAnswer, MemberRequest } from "./member_protocol.ts";

// Of GROUP_DEPTH levels.
const WASM = new URL(
  "../../../node_modules/@zk-kit/semaphore-artifacts/semaphore-16.wasm",
  import.meta.url,
);
const ZKEY = new URL(
  "../../../node_modules/@zk-kit/semaphore-artifacts/semaphore-16.zkey",
  import.meta.url,
);

/** A member's identity is here while a question about it is answered, and nowhere else but in the field where it was typed. */
async function answer(request: MemberRequest): Promise<MemberAnswer> {
  if (request.ask === "nullifier") return { answer: nullifierOf(request.secret, request.scope) };
  if (request.ask === "commitment") return { answer: commitmentOf(request.secret) };
  if (request.ask === "new") return { answer: newMember() };
  commitmentOf(request.secret); // what is no identity is told before five megabytes are loaded
  // snarkjs would start workers from data: addresses, which the page's policy forbids.
  (globalThis as { curve_bn128?: unknown }).curve_bn128 = await curves.getCurveFromName("bn128", {
    singleThread: true,
  });
  const [wasm, zkey] = await Promise.all([load(WASM), load(ZKEY)]);
  return { answer: await proveMembership({ wasm, zkey }, request, true) };
}

class CircuitAwayError extends Error {
  override readonly name = "HttpRequestError"; // told as any trouble with the network
}

async function load(file: URL): Promise<Uint8Array> {
  const response = await fetch(file).catch(() => undefined);
  if (response?.ok !== true) throw new CircuitAwayError();
  return new Uint8Array(await response.arrayBuffer());
}

addEventListener("message", ({ data }: MessageEvent<MemberRequest>) => {
  // An error's text could hold what was asked: the page is told its kind.
  answer(data).then(postMessage, (error: Error) =>
    postMessage({ failed: error.name } satisfies MemberAnswer),
  );
});
