// The functions used from snarkjs, which comes without types. Where it takes a file it also takes its bytes.
declare module "snarkjs" {
  type Source = string | Uint8Array;
  type Memory = { type: "mem"; data?: Uint8Array };
  type Decimal = string;

  export type Groth16Proof = {
    pi_a: Decimal[];
    pi_b: Decimal[][];
    pi_c: Decimal[];
    protocol: string;
    curve: string;
  };
  export type PublicSignals = Decimal[];
  export type VerificationKey = {
    protocol: string;
    curve: string;
    nPublic: number;
    vk_alpha_1: Decimal[];
    vk_beta_2: Decimal[][];
    vk_gamma_2: Decimal[][];
    vk_delta_2: Decimal[][];
    vk_alphabeta_12: Decimal[][][];
    IC: Decimal[][];
  };
  /** Numbers in any nesting, by signal name. */
  export type CircuitInput = { [signal: string]: CircuitValue };
  export type CircuitValue = bigint | number | string | CircuitValue[];
  export type Logger = {
    [level in "debug" | "info" | "warn" | "error"]: (message: string) => void;
  };
  export type ProverOptions = { singleThread?: boolean };

  /** A curve's arithmetic; with `singleThread` it starts no workers. */
  export const curves: { getCurveFromName(name: string, options?: ProverOptions): Promise<object> };

  export const groth16: {
    fullProve(
      input: CircuitInput,
      wasm: Source,
      zkey: Source,
      logger?: Logger,
      witnessOptions?: object,
      proverOptions?: ProverOptions,
    ): Promise<{ proof: Groth16Proof; publicSignals: PublicSignals }>;
    prove(
      zkey: Source,
      witness: Source | Memory,
      logger?: Logger,
      options?: ProverOptions,
    ): Promise<{ proof: Groth16Proof; publicSignals: PublicSignals }>;
    verify(
      key: VerificationKey,
      publicSignals: PublicSignals,
      proof: Groth16Proof,
      logger?: Logger,
    ): Promise<boolean>;
    exportSolidityCallData(proof: Groth16Proof, publicSignals: PublicSignals): Promise<string>;
  };
  export const wtns: {
    calculate(
      input: CircuitInput,
      wasm: Source,
      witness: Source | Memory,
      options?: object,
    ): Promise<void>;
    check(r1cs: Source, witness: Source | Memory, logger?: Logger): Promise<boolean>;
    exportJson(witness: Source | Memory): Promise<bigint[]>;
  };
  export const zKey: {
    newZKey(r1cs: Source, ptau: Source, zkey: Source, logger?: Logger): Promise<Uint8Array | -1>;
    contribute(
      before: Source,
      after: Source,
      name: string,
      entropy: string,
      logger?: Logger,
    ): Promise<Uint8Array>;
    beacon(
      before: Source,
      after: Source,
      name: string,
      value: string,
      iterationsPower: number,
      logger?: Logger,
    ): Promise<Uint8Array>;
    verifyFromR1cs(r1cs: Source, ptau: Source, zkey: Source, logger?: Logger): Promise<boolean>;
    exportVerificationKey(zkey: Source, logger?: Logger): Promise<VerificationKey>;
    exportSolidityVerifier(
      zkey: Source,
      templates: { groth16: string },
      logger?: Logger,
    ): Promise<string>;
  };
  export const powersOfTau: {
    newAccumulator(
      curve: object,
      power: number,
      ptau: Source,
      logger?: Logger,
    ): Promise<Uint8Array>;
    contribute(
      before: Source,
      after: Source,
      name: string,
      entropy: string,
      logger?: Logger,
    ): Promise<Uint8Array>;
    preparePhase2(before: Source, after: Source, logger?: Logger): Promise<void>;
  };
  export const r1cs: {
    info(file: Source, logger?: Logger): Promise<{ nConstraints: number; nVars: number }>;
  };
}
