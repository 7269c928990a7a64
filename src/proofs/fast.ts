import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Kernels } from "./wasm/kernels.ts";
import { ProvingFileError, type Source } from "./wasm/files.ts";
import { proveGroth16 } from "./wasm/groth16.ts";
import { testedKernels } from "./wasm/self_test.ts";
import type { Proved } from "./proof.ts";

let tested: ReturnType<typeof testedKernels> | undefined;

/** Why this thread cannot use the prover of this repository, or undefined if it can. It is tested once, when first asked for. */
export function whyUnfit(): string | undefined {
  tested ??= testedKernels();
  return "unfit" in tested ? tested.unfit : undefined;
}

/**
 * A proof by the prover of this repository, on the calling thread. The key is read piece by piece each time, so that its hundreds of megabytes lie in the
 * operating system's cache, once for all processes and threads, and in none of them. Nobody has checked the proof yet.
 * @throws ProvingFileError, and what `proveGroth16` throws
 */
export function proveWithWasm({ zkey }: { readonly zkey: string }, witness: Uint8Array): Proved {
  const unfit = whyUnfit();
  if (unfit !== undefined) throw new RangeError(unfit);
  const file = openSync(zkey, "r");
  try {
    return proveGroth16(tested as Kernels, fileSource(file), witness);
  } finally {
    closeSync(file);
  }
}

function fileSource(file: number): Source {
  return {
    size: fstatSync(file).size,
    read(target, offset) {
      for (let done = 0; done < target.length; ) {
        const read = readSync(file, target, done, target.length - done, offset + done);
        if (read === 0) throw new ProvingFileError("zkey", "it ends too early");
        done += read;
      }
    },
  };
}
