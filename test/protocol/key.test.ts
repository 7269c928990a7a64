import { encodeAbiParameters, getAddress, keccak256 } from "viem";
import { describe, expect, test } from "vitest";
import { halfSizePair } from "../../src/crypto/half_size.ts";
import { isInPrimeSubgroup } from "../../src/crypto/curve.ts";
import { deriveContext, deriveTag } from "../../src/protocol/context.ts";
import {
  deriveKeyPair,
  generateCoordinatorKeyPair,
  generateKeyPair,
  keyPairFromSecret,
  keyText,
  SecretRangeError,
} from "../../src/protocol/key.ts";
import { BASE, L, P } from "../../src/params.ts";
import { seeded } from "../helpers/seeded.ts";

const address = getAddress("0x5fbdb2315678afecb367f032d93f642f64180aa3");

describe("keys", () => {
  test("KEY-2: secrets from 1 to l - 1, and nothing else", () => {
    expect(keyPairFromSecret(1n).publicKey).toEqual(BASE);
    expect(keyPairFromSecret(L - 1n).publicKey).toEqual({ x: P - BASE.x, y: BASE.y });
    for (const secret of [0n, -1n, L, L + 1n])
      expect(() => keyPairFromSecret(secret)).toThrow(SecretRangeError);
    expect(isInPrimeSubgroup(generateKeyPair().publicKey)).toBe(true);
  });

  test("KEY-3: a coordinator's key has a half-size pair", () => {
    for (let i = 0; i < 5; i++)
      expect(halfSizePair(generateCoordinatorKeyPair().secret)).toBeDefined();
  });

  test("KEY-4: the key follows from passphrase and salt, in normal form", {
    timeout: 120_000,
  }, async () => {
    const salt = Uint8Array.of(1, 2, 3);
    const { secret } = await deriveKeyPair("\u00e9tude \ufb01ve", salt);
    expect((await deriveKeyPair("e\u0301tude five", salt)).secret).toBe(secret);
    expect((await deriveKeyPair("etude five", salt)).secret).not.toBe(secret);
    expect((await deriveKeyPair("e\u0301tude five", Uint8Array.of(1, 2, 4))).secret).not.toBe(
      secret,
    );
  });

  test("KEY-5: the text that the wallet signs", () => {
    expect(keyText({ chainId: 10, address })).toBe(
      `Tacit: the key of my secret ballot

Chain: 10
Round: 0x5FbDB2315678afecb367f032d93F642f64180aa3
Purpose: with my passphrase, this signature makes the key that can change my ballot in this round. It moves no money.

Sign this only where you give to this round. Whoever gets this signature can try to guess your passphrase.`,
    );
  });
});

describe("names of rounds and donors", () => {
  const random = seeded("names");
  test("KEY-6: ctx is keccak256(abi.encode(chainid, round)) mod p", () => {
    for (let i = 0; i < 20; i++) {
      const chainId = random.below(1n << 53n);
      const round = `0x${random
        .below(1n << 160n)
        .toString(16)
        .padStart(40, "0")}` as const;
      const hash = BigInt(
        keccak256(
          encodeAbiParameters([{ type: "uint256" }, { type: "address" }], [chainId, round]),
        ),
      );
      expect(deriveContext({ chainId: Number(chainId), address: round })).toBe(hash % P);
    }
  });

  test("KEY-7: a tag is the low 64 bits of keccak256(abi.encode(payer, x, y))", () => {
    for (let i = 0; i < 20; i++) {
      const payer = `0x${random
        .below(1n << 160n)
        .toString(16)
        .padStart(40, "0")}` as const;
      const key = { x: random.below(P), y: random.below(P) };
      const hash = BigInt(
        keccak256(
          encodeAbiParameters(
            [{ type: "address" }, { type: "uint256" }, { type: "uint256" }],
            [payer, key.x, key.y],
          ),
        ),
      );
      expect(deriveTag(payer, key)).toBe(hash % 2n ** 64n);
    }
  });
});
