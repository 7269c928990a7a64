import { createHash } from "node:crypto";
import { PgBoss } from "pg-boss";
import { stringify } from "viem";
import { BaseError } from "../../errors.ts";
import type { CircuitArtifacts } from "../../proofs/artifacts.ts";
import type { CircuitInputs } from "../../proofs/inputs.ts";
import { decryptSecret, encryptSecret } from "../store/secrets.ts";
import { withoutPassword } from "../store/database.ts";

export const QUEUE = "tacit-proofs";

/** A job's lease: a worker that shows no sign of life for so long has lost it, and another takes the job. */
const HEARTBEAT_SECONDS = 30;
/** A proof that takes longer is given to another worker. */
const EXPIRE_SECONDS = 1800;
const RETRIES = 5;
const SUPERVISE_SECONDS = 10;

/** What lies in the queue: the inputs hold ballots and the coordinator's secret, so they are encrypted with the workers' key. */
export type ProofJob = { readonly circuit: string; readonly keys: string; readonly inputs: string };

export type ProofOutcome =
  | {
      readonly proof: unknown;
      readonly signals: readonly string[];
      readonly seconds: { readonly witness: number; readonly prove: number };
    }
  | { readonly failed: string };

export class QueueUnavailableError extends BaseError {
  constructor(url: string, cause: unknown) {
    super(`The queue at ${withoutPassword(url)} does not answer.`, {
      fix: "Give --queue the postgres:// URL of a PostgreSQL server that runs.",
      cause,
    });
  }
}

/** Connects to the queue and makes it where it is not there. Connections that break later are opened again. @throws QueueUnavailableError */
export async function openQueue(url: string): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    schema: "tacit_queue",
    max: 8,
    useListenNotify: true,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
  });
  boss.on("error", () => undefined); // told by the calls that fail
  try {
    await boss.start();
    const queue = {
      retryLimit: RETRIES,
      retryDelay: 1,
      expireInSeconds: EXPIRE_SECONDS,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      notify: true,
      deleteAfterSeconds: 86_400,
    };
    await boss.createQueue(QUEUE, queue);
    return boss;
  } catch (cause) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw new QueueUnavailableError(url, cause);
  }
}

/** Which keys a worker must have to make the proof. */
export const hashKeys = ({ vkey }: Pick<CircuitArtifacts, "vkey">): string =>
  createHash("sha256").update(JSON.stringify(vkey)).digest("hex");

/** A job's id is made of its content: the same job, asked for again after a crash, is the one that is there. Salts keep the hash from telling anything. */
export function hashJob(circuit: CircuitArtifacts, inputs: CircuitInputs): string {
  const hex = createHash("sha256").update(hashKeys(circuit)).update(toJson(inputs)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Inputs under the workers' key (32 bytes), bound to the job's id. */
export const encryptInputs = (key: Uint8Array, id: string, inputs: CircuitInputs): string =>
  encryptSecret(key, id, toJson(inputs));
export const decryptInputs = (key: Uint8Array, id: string, encrypted: string): CircuitInputs =>
  JSON.parse(decryptSecret(key, id, encrypted), toInteger) as CircuitInputs;

export const toJson = (value: unknown): string => stringify(value);

/** Every string in inputs and proofs is a decimal integer. */
export const toInteger = (_: string, value: unknown): unknown =>
  typeof value === "string" ? BigInt(value) : value;
