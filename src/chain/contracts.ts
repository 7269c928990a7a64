import { encodeDeployData, type Hex } from "viem";
import { payoutInitCode } from "../payouts/index.ts";
import { create2Address } from "./create2.ts";
import { roundFactoryAbi } from "./generated/abis.ts";
import {
  attestationCheckerBytecode,
  balanceCheckerBytecode,
  billboardBytecode,
  cappedPayoutBytecode,
  closeVerifierBytecode,
  documentsBytecode,
  exclusionCheckerBytecode,
  foldVerifierLargeBytecode,
  foldVerifierSmallBytecode,
  gateBytecode,
  instalmentEscrowFactoryBytecode,
  merkleCheckerBytecode,
  minimumPayoutBytecode,
  openGateBytecode,
  plainAccountCheckerBytecode,
  optimisticRegistryBytecode,
  projectRegistryBytecode,
  qualifiedPayoutBytecode,
  quadraticPayoutBytecode,
  qvOutcomeBytecode,
  reviewsBytecode,
  roundBytecode,
  roundFactoryBytecode,
  semaphoreCheckerBytecode,
  sortitionCheckerBytecode,
  tokenCheckerBytecode,
  votesCheckerBytecode,
  voucherCheckerBytecode,
  tieredPayoutBytecode,
} from "./generated/bytecode.ts";
import { QUALIFIED } from "./payout.ts";
import type { Contracts } from "./provenance.ts";

/** Init code of the verifiers of one set of keys. */
export type VerifierBytecodes = { readonly small: Hex; readonly large: Hex; readonly close: Hex };

/** Creation code of the payout rules, by kind, and of the one that puts a condition before another (PAYOUT-4). */
export const PAYOUT_BYTECODES: Readonly<Record<string, Hex>> = {
  quadratic: quadraticPayoutBytecode,
  capped: cappedPayoutBytecode,
  minimum: minimumPayoutBytecode,
  tiers: tieredPayoutBytecode,
  [QUALIFIED]: qualifiedPayoutBytecode,
};

/** The verifiers that the build exports: of development keys. */
export const BUILT: VerifierBytecodes = {
  small: foldVerifierSmallBytecode,
  large: foldVerifierLargeBytecode,
  close: closeVerifierBytecode,
};

/** Creation code of this version's checkers, by the id of their kind. */
export const CHECKER_BYTECODES: Readonly<Record<string, Hex>> = {
  merkle: merkleCheckerBytecode,
  "not-listed": exclusionCheckerBytecode,
  "plain-account": plainAccountCheckerBytecode,
  voucher: voucherCheckerBytecode,
  erc721: tokenCheckerBytecode,
  votes: votesCheckerBytecode,
  sortition: sortitionCheckerBytecode,
  semaphore: semaphoreCheckerBytecode,
  eas: attestationCheckerBytecode,
  "erc20-at-block": balanceCheckerBytecode,
};

/** Creation code of what organisers make with arguments of their own. */
export const CREATION_CODE: Contracts["creationCode"] = {
  gate: gateBytecode,
  checkers: CHECKER_BYTECODES,
  projectRegistry: projectRegistryBytecode,
  optimisticRegistry: optimisticRegistryBytecode,
  payoutRules: PAYOUT_BYTECODES,
  outcome: qvOutcomeBytecode,
  billboard: billboardBytecode,
  reviews: reviewsBytecode,
  escrowFactory: instalmentEscrowFactoryBytecode,
};

/** Name and init code of what a version consists of, in the order in which it can be deployed: each names only what is before it. */
export function listInitCodes(
  verifiers: VerifierBytecodes,
): readonly (readonly [name: string, initCode: Hex])[] {
  const { implementation, closeVerifier, foldVerifiers } = locateContracts(verifiers);
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
    ["Documents", documentsBytecode],
    ["QuadraticPayout (surplus returned)", quadraticPayout(false)],
    ["QuadraticPayout (surplus paid)", quadraticPayout(true)],
  ];
}

/** Where this version's contracts with these verifiers are, on every chain (PROV-1). Pure: nothing is asked. */
export function locateContracts(verifiers: VerifierBytecodes): Contracts {
  const [implementation, closeVerifier] = [
    create2Address(roundBytecode),
    create2Address(verifiers.close),
  ];
  const foldVerifiers = [create2Address(verifiers.small), create2Address(verifiers.large)];
  return {
    factory: create2Address(
      encodeDeployData({
        abi: roundFactoryAbi,
        bytecode: roundFactoryBytecode,
        args: [implementation, closeVerifier, foldVerifiers],
      }),
    ),
    implementation,
    closeVerifier,
    foldVerifiers,
    openGate: create2Address(openGateBytecode),
    documents: create2Address(documentsBytecode),
    payoutRules: {
      return: create2Address(quadraticPayout(false)),
      pay: create2Address(quadraticPayout(true)),
    },
    escrowFactory: create2Address(instalmentEscrowFactoryBytecode),
    creationCode: CREATION_CODE,
    development: Object.values(BUILT).some((code) => Object.values(verifiers).includes(code)),
  };
}

function quadraticPayout(paySurplus: boolean): Hex {
  return payoutInitCode(quadraticPayoutBytecode, { id: "quadratic", args: [paySurplus] });
}
