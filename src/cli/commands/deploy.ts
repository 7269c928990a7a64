import { Command } from "commander";
import { BaseError } from "../../errors.ts";
import { locateContracts } from "../../chain/contracts.ts";
import { deployAll, deployTestToken } from "../../chain/deploy.ts";
import { isDevelopmentChain } from "../../chain/development.ts";
import { developmentNotice, openArtifacts, requireKeysFor } from "../../proofs/artifacts.ts";
import { trustedVerifiers } from "../../proofs/trusted_contracts.ts";
import { requireWritable, writeDeployment } from "../input/deployment_file.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer, facts } from "../output/output.ts";
import { stepByStep } from "../partly_done.ts";
import { openAccount } from "../session.ts";

type Values = SharedValues & { readonly out: string; readonly testToken?: boolean };

export class TestTokenError extends BaseError {
  constructor(chainId: number) {
    super(`A token that anybody may mint is refused on chain ${chainId}.`, {
      fix: "Leave out --test-token, and name a real token in `tacit create-round`.",
    });
  }
}

export function deployCommand(io: Io): Command {
  const command = new Command("deploy")
    .description(
      "deploy what rounds on this chain share: verifiers, round implementation, factory, open gate, payout rules",
    )
    .requiredOption("--out <file>", "deployment file to write; `tacit create-round` reads it")
    .option("--test-token", "also deploy a token that anybody may mint (development chains only)")
    .addHelpText(
      "after",
      examples(
        "tacit deploy --rpc http://127.0.0.1:8545 --account-key deployer.key --out deployment.json",
      ),
    )
    .action(async (values: Values) => deploy(io, values));
  return withOptions(command, "rpc", "chain", "account", "artifacts");
}

async function deploy(io: Io, values: Values): Promise<void> {
  const client = await openAccount(io, values);
  const artifacts = await openArtifacts(values.artifacts);
  requireKeysFor(artifacts, client.chainId);
  if (values.testToken === true && !isDevelopmentChain(client.chainId))
    throw new TestTokenError(client.chainId);
  const verifiers = await trustedVerifiers(artifacts);
  const { factory } = locateContracts(verifiers);
  // Before anything is paid for: what an earlier run wrote is what this one would write.
  const isWritten = await requireWritable(values.out, { chainId: client.chainId, factory });
  const all = await stepByStep(async (done) => {
    const deployment = await deployAll(
      client,
      (name, address) => {
        io.err(`${address}  ${name}\n`);
        done(`${name} is at ${address}`);
      },
      verifiers,
    );
    return values.testToken === true
      ? { ...deployment, testToken: await deployTestToken(client) }
      : deployment;
  });
  if (!isWritten) await writeDeployment(values.out, all);
  const notice = developmentNotice(artifacts);
  answer(io, values, { ...all, developmentKeys: notice !== undefined }, [
    `Deployed on chain ${client.chainId}; the addresses are in ${values.out}.`,
    ...facts([
      ["factory", all.factory],
      ...("testToken" in all ? ([["test token", all.testToken]] as const) : []),
    ]),
    ...(notice === undefined ? [] : [notice]),
  ]);
}
