import { BUILT, locateContracts, type VerifierBytecodes } from "../chain/contracts.ts";
import type { Contracts } from "../chain/provenance.ts";
import {
  closeCircuitName,
  foldCircuitName,
  verifierBytecode,
  type Artifacts,
} from "./artifacts.ts";

/**
 * Where the contracts are that hold these keys (PROV-1). Needs of the artifacts the manifest and, for keys of a ceremony, the verifiers'
 * bytecode: some kilobytes, and no proving key. @throws MissingArtifactsError, ForeignArtifactsError
 */
export async function trustedContracts(artifacts: Artifacts): Promise<Contracts> {
  return locateContracts(await trustedVerifiers(artifacts));
}

/** The verifiers' init code: that which came with the keys; the build's for development keys, and for no others. @throws as trustedContracts */
export async function trustedVerifiers(artifacts: Artifacts): Promise<VerifierBytecodes> {
  const [small, large, close] = await Promise.all(
    [foldCircuitName("small"), foldCircuitName("large"), closeCircuitName].map((name) =>
      verifierBytecode(artifacts, name),
    ),
  );
  return {
    small: small?.bytecode ?? BUILT.small,
    large: large?.bytecode ?? BUILT.large,
    close: close?.bytecode ?? BUILT.close,
  };
}
