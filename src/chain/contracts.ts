import { encodeDeployData, type Hex } from "viem";
import { addressOf } from "./create2.ts";
import { quadraticPayoutAbi, roundFactoryAbi } from "./generated/abis.ts";
import {
  closeVerifierBytecode,
  foldVerifierLargeBytecode,
  foldVerifierSmallBytecode,
  gateBytecode,
  merkleCheckerBytecode,
  openGateBytecode,
  projectRegistryBytecode,
  quadraticPayoutBytecode,
  roundBytecode,
  roundFactoryBytecode,
} from "./generated/bytecode.ts";
import type { Contracts } from "./provenance.ts";

/** Init code of the verifiers of one set of keys. */
export type VerifierBytecodes = { readonly small: Hex; readonly large: Hex; readonly close: Hex };

/** The verifiers that the build exports: of development keys. */
export const BUILT: VerifierBytecodes = {
  small: foldVerifierSmallBytecode,
  large: foldVerifierLargeBytecode,
  close: closeVerifierBytecode,
};

/** Name and init code of what a version consists of, in the order in which it can be deployed: each names only what is before it. */
export function initCodesOf(
  verifiers: VerifierBytecodes,
): readonly (readonly [name: string, initCode: Hex])[] {
  const { implementation, closeVerifier, foldVerifiers } = contractsOf(verifiers);
  return [
    ["FoldVerifierSmall", verifiers.small],
    ["FoldVerifierLarge", verifiers.large],
    ["CloseVerifier", verifiers.close],
    ["Round", roundBytecode],
    [
      "RoundFactory",
      encodeDeployData({
        abi: roundFactoryAbi,
        bytecode: roundFactoryBytecode,
        args: [implementation, closeVerifier, foldVerifiers],
      }),
    ],
    ["OpenGate", openGateBytecode],
    ["QuadraticPayout (surplus returned)", quadraticPayout(false)],
    ["QuadraticPayout (surplus paid)", quadraticPayout(true)],
  ];
}

/** Where this version's contracts with these verifiers are, on every chain (PROV-1). Pure: nothing is asked. */
export function contractsOf(verifiers: VerifierBytecodes): Contracts {
  const [implementation, closeVerifier] = [addressOf(roundBytecode), addressOf(verifiers.close)];
  const foldVerifiers = [addressOf(verifiers.small), addressOf(verifiers.large)];
  return {
    factory: addressOf(
      encodeDeployData({
        abi: roundFactoryAbi,
        bytecode: roundFactoryBytecode,
        args: [implementation, closeVerifier, foldVerifiers],
      }),
    ),
    implementation,
    closeVerifier,
    foldVerifiers,
    openGate: addressOf(openGateBytecode),
    payoutRules: {
      return: addressOf(quadraticPayout(false)),
      pay: addressOf(quadraticPayout(true)),
    },
    creationCode: {
      gate: gateBytecode,
      merkleChecker: merkleCheckerBytecode,
      projectRegistry: projectRegistryBytecode,
    },
    development: Object.values(BUILT).some((code) => Object.values(verifiers).includes(code)),
  };
}

function quadraticPayout(paySurplus: boolean): Hex {
  return encodeDeployData({
    abi: quadraticPayoutAbi,
    bytecode: quadraticPayoutBytecode,
    args: [paySurplus],
  });
}
