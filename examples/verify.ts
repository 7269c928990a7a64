// Verify: check a finalized round from chain data and this version's verifying keys, without anybody's help.
import { stringify, type Address } from "viem";
import { connectRead } from "tacit";
import {
  packagedArtifacts,
  requireKeysFor,
  trustedContracts,
  trustedKeys,
  verifyRound,
} from "tacit/verify";

const { RPC = "http://127.0.0.1:8545", ROUND } = process.env;
const client = connectRead(RPC);
const artifacts = await packagedArtifacts(); // for a round with a ceremony's keys: openArtifacts("its folder")
requireKeysFor(artifacts, await client.getChainId());
const { ok, checks, results } = await verifyRound({
  client,
  round: ROUND as Address,
  contracts: await trustedContracts(artifacts),
  keys: (size) => trustedKeys(artifacts, size),
  onCheck: ({ id, ok, detail }) => console.error(`${ok ? "ok   " : "WRONG"} ${id}: ${detail}`),
});
console.log(stringify({ ok, checks: checks.length, results }));
process.exit(ok ? 0 : 3);
