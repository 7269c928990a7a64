import type { MembershipProof, MembershipProver } from "../../../src/index.ts";
import type { MemberAnswer, MemberRequest, NewMember } from "./member_protocol.ts";

/** Told by the name of what went wrong in the worker: its text is never passed on, as it may hold what was typed. */
class MemberError extends Error {
  constructor(name: string) {
    super();
    this.name = name;
  }
}

/** A worker for one question, which ends with it: the identity is gone then. */
function ask(request: MemberRequest): Promise<MembershipProof | bigint | NewMember> {
  const worker = new Worker(new URL("./member.worker.ts", import.meta.url), { type: "module" });
  return new Promise<MembershipProof | bigint | NewMember>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<MemberAnswer>) =>
      "failed" in data ? reject(new MemberError(data.failed)) : resolve(data.answer);
    worker.onerror = () => reject(new MemberError("WorkerError"));
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

/** Proves membership beside the page. The circuit's files, five megabytes, are loaded for it and for nothing else. */
export const proveInWorker: MembershipProver = (request) =>
  ask({ ask: "prove", ...request }) as Promise<MembershipProof>;

/** What a member is known by in a round. */
export const nullifierInWorker = (secret: string, scope: bigint): Promise<bigint> =>
  ask({ ask: "nullifier", secret, scope }) as Promise<bigint>;

/** A new identity, with the commitment that the organiser needs. */
export const newMemberInWorker = (): Promise<NewMember> =>
  ask({ ask: "new" }) as Promise<NewMember>;

/** The commitment of an identity that is there already. */
export const commitmentInWorker = (secret: string): Promise<bigint> =>
  ask({ ask: "commitment", secret }) as Promise<bigint>;
