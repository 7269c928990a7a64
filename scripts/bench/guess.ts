import * as nodeCrypto from "node:crypto";
import { ARGON2 } from "../../src/params.ts";
import { deriveKeyPair } from "../../src/protocol/key.ts";

/** Milliseconds of one core for one guess of a passphrase (KEY-4), for whoever knows the lasting key and the wallet's signature. */
export type GuessTimes = { readonly page: number; readonly native: number | undefined };

/** Node's own Argon2 (OpenSSL's), from 24.7 on: what an attacker would use. */
type Argon2 = (
  algorithm: "argon2id",
  parameters: {
    readonly message: Uint8Array;
    readonly nonce: Uint8Array;
    readonly parallelism: number;
    readonly tagLength: number;
    readonly memory: number;
    readonly passes: number;
  },
) => Uint8Array;

export async function timeGuess(runs: number): Promise<GuessTimes> {
  const salt = nodeCrypto.randomBytes(65);
  const { argon2Sync } = nodeCrypto as { readonly argon2Sync?: Argon2 };
  const native =
    argon2Sync === undefined
      ? undefined
      : await measureCpu(runs, async (message) => {
          const nonce = nodeCrypto.createHash("sha256").update(salt).digest();
          const { t: passes, m: memory, p: parallelism, dkLen: tagLength } = ARGON2;
          const parameters = { message: Buffer.from(message), nonce, parallelism, tagLength };
          argon2Sync("argon2id", { ...parameters, memory, passes });
        });
  return { page: await measureCpu(runs, (guess) => deriveKeyPair(guess, salt)), native };
}

/** Time of the processor, so that other work on the machine does not count. */
async function measureCpu(
  runs: number,
  guess: (passphrase: string) => Promise<unknown>,
): Promise<number> {
  await guess("the first one warms up");
  const started = process.cpuUsage();
  for (let run = 0; run < runs; run++) await guess(`guess number ${run}`);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000 / runs;
}
