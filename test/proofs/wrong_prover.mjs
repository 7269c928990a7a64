#!/usr/bin/env node
// A prover program that answers with a well-formed proof which proves nothing: what is checked must not let it pass.
import { writeFileSync } from "node:fs";

const [, , , , proofFile, publicFile] = process.argv;
const G1 = ["1", "2", "1"];
const G2 = [
  [
    "10857046999023057135944570762232829481370756359578518086990519993285655852781",
    "11559732032986387107991004021392285783925812861821192530917403151452391805634",
  ],
  [
    "8495653923123431417604973247489272438418190587263600148770280649306958101930",
    "4082367875863433681332203403145435568316851327593401208105741076214120093531",
  ],
  ["1", "0"],
];
writeFileSync(
  proofFile,
  JSON.stringify({ pi_a: G1, pi_b: G2, pi_c: G1, protocol: "groth16", curve: "bn128" }),
);
writeFileSync(publicFile, JSON.stringify(["0", "5"]));
