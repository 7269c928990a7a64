import { Command } from "commander";
import { parseUnits, type Address } from "viem";
import { BaseError } from "../../errors.ts";
import type { WriteClient } from "../../chain/client.ts";
import { locateContracts } from "../../chain/contracts.ts";
import { creationBlock } from "../../chain/creation_block.ts";
import { deployAll, deployTestToken } from "../../chain/deploy.ts";
import { isDevelopmentChain } from "../../chain/development.ts";
import { mint } from "../../chain/mint.ts";
import { developmentNotice, openArtifacts, requireKeysFor } from "../../proofs/artifacts.ts";
import { trustedVerifiers } from "../../proofs/trusted_contracts.ts";
import { requireWritable, writeDeployment } from "../input/deployment_file.ts";
import type { Io } from "../output/io.ts";
import { examples, parseAddress, withOptions, type SharedValues } from "../input/options.ts";
import { answer, facts } from "../output/output.ts";
import { stepByStep } from "../partly_done.ts";
import { openAccount } from "../session.ts";

type Values = SharedValues & {
  readonly out: string;
  readonly testToken?: boolean;
  readonly mintTo?: readonly Address[];
};

/** Of the test token, which has 18 decimals. */
const MINTED = parseUnits("1000000", 18);

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
    .option(
      "--mint-to <address...>",
      "accounts that get 1,000,000 of the test token (default: the one that deploys)",
      (text, earlier: readonly Address[] = []) => [...earlier, parseAddress(text)],
    )
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
  const minted = values.mintTo ?? [client.wallet.account.address];
  const block = isWritten ? undefined : await blockBefore(client, factory);
  const all = await stepByStep(async (done) => {
    const deployment = await deployAll(
      client,
      (name, address) => {
        io.err(`${address}  ${name}\n`);
        done(`${name} is at ${address}`);
      },
      verifiers,
    );
    if (values.testToken !== true) return deployment;
    const token = await deployTestToken(client);
    done(`the test token is at ${token}`);
    for (const to of minted) {
      await mint(client, { token, to, amount: MINTED });
      done(`${to} has the test token`);
    }
    return { ...deployment, testToken: token };
  });
  if (!isWritten) await writeDeployment(values.out, { ...all, block });
  const notice = developmentNotice(artifacts);
  answer(io, values, { ...all, developmentKeys: notice !== undefined }, [
    `Deployed on chain ${client.chainId}; the addresses are in ${values.out}.`,
    ...facts([
      ["factory", all.factory],
      ...("testToken" in all
        ? ([
            ["test token", all.testToken],
            ["1,000,000 of it for", minted.join(", ")],
          ] as const)
        : []),
    ]),
    ...(notice === undefined ? [] : [notice]),
  ]);
}

/** A block before every round of the factory; undefined where it is an old one and the node does not tell when it was made. */
async function blockBefore({ read }: WriteClient, factory: Address): Promise<number | undefined> {
  const isThere = (await read.getCode({ address: factory })) !== undefined;
  const block = isThere
    ? await creationBlock(read, factory).catch(() => undefined)
    : await read.getBlockNumber();
  return block === undefined ? undefined : Number(block);
}
