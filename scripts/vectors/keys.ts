import {
  isAcceptable,
  isInPrimeSubgroup,
  multiplyBase,
  type Point,
} from "../../src/crypto/curve.ts";
import { halfSizePair } from "../../src/crypto/half_size.ts";
import { hash, permute } from "../../src/crypto/poseidon.ts";
import { BASE, DOMAIN, L, P } from "../../src/params.ts";
import { deriveContext, deriveTag } from "../../src/protocol/context.ts";
import { deriveKeyPair, keyPairFromSecret, keyText } from "../../src/protocol/key.ts";
import { fixedScalar, fixedWord } from "./fixed.ts";

const ROUNDS = [
  { chainId: 1, address: "0x5FbDB2315678afecb367f032d93F642f64180aa3" },
  { chainId: 31337, address: "0x00000000000000000000000000000000000000Ff" },
] as const;

/** KEY-1 to KEY-7. */
export async function keyVectors() {
  const passphrase = "correct horse \u00e9tude";
  const saltSource = Uint8Array.from({ length: 65 }, (_, i) => i);
  return {
    keyPairs: [1n, 2n, L - 1n, fixedScalar(1), fixedScalar(2)].map(keyPairFromSecret),
    points: points().map(({ name, point }) => ({
      name,
      point,
      acceptable: isAcceptable(point),
      inPrimeSubgroup: isInPrimeSubgroup(point),
    })),
    coordinatorKeys: [3, 4, 5, 6, 7, 8].map((n) => ({
      secret: fixedScalar(n),
      publicKey: multiplyBase(fixedScalar(n)),
      halfSizePair: halfSizePair(fixedScalar(n)) ?? null,
    })),
    derivedKeys: [{ passphrase, saltSource, ...(await deriveKeyPair(passphrase, saltSource)) }],
    keyTexts: ROUNDS.map((round) => ({
      ...round,
      chainId: BigInt(round.chainId),
      text: keyText(round),
    })),
    contexts: ROUNDS.map((round) => ({
      ...round,
      chainId: BigInt(round.chainId),
      ctx: deriveContext(round),
    })),
    tags: [9, 10].map((n) => {
      const [payer, key] = [
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        multiplyBase(fixedScalar(n)),
      ] as const;
      return { payer, key, tag: deriveTag(payer, key) };
    }),
  };
}

function points(): { readonly name: string; readonly point: Point }[] {
  return [
    { name: "base point", point: BASE },
    { name: "identity", point: { x: 0n, y: 1n } },
    { name: "order 2", point: { x: 0n, y: P - 1n } },
    {
      name: "order 4",
      point: {
        x: 2957874849018779266517920829765869116077630550401372566248359756137677864698n,
        y: 0n,
      },
    },
    {
      name: "order 8",
      point: {
        x: 17545522957889784193459637215142187266023652151580582754000402781682644312291n,
        y: 4826523245007015323400664741523384119579596407052839571721035538011798951543n,
      },
    },
    {
      name: "generator of the whole curve",
      point: {
        x: 995203441582195749578291179787384436505546430278305826713579947235728471134n,
        y: 5472060717959818805561601436314318772137091100104008585924551046643952123905n,
      },
    },
    { name: "zeros", point: { x: 0n, y: 0n } },
    { name: "off the curve", point: { x: 1n, y: 1n } },
    { name: "base point, x + p", point: { x: BASE.x + P, y: BASE.y } },
  ];
}

/** PARAM-3. */
export function poseidonVectors() {
  const inputs = Array.from({ length: 16 }, (_, i) => fixedWord(100 + i));
  return {
    hashes: [1, 2, 8, 9, 14, 16].flatMap((n) =>
      [0n, DOMAIN.signature].map((capacity) => ({
        capacity,
        inputs: inputs.slice(0, n),
        hash: hash(capacity, inputs.slice(0, n)),
      })),
    ),
    permutations: [{ state: inputs.slice(0, 12), result: permute(inputs.slice(0, 12)) }],
  };
}
