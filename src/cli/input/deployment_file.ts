import { isAddressEqual, type Address } from "viem";
import { access, constants, writeFile } from "node:fs/promises";
import path from "node:path";
import { BaseError } from "../../errors.ts";
import type { Deployment } from "../../chain/deploy.ts";
import { readAddress } from "../../readers/address.ts";
import { addressProblem } from "./options.ts";
import { readText } from "./text_file.ts";
import { FileExistsError, FileWriteError } from "./key_file.ts";
import { toJson } from "../output/output.ts";

export class DeploymentFileError extends BaseError {
  constructor(file: string, why: string) {
    super(`${file} is not a deployment file: ${why}.`, {
      fix: "Make one with `tacit deploy --out <file>`.",
    });
  }
}

/** Where a chain's contracts are, as `tacit deploy` writes it; `block` is one before every round's creation, for `--from-block`. */
export async function writeDeployment(
  file: string,
  deployment: Deployment & {
    readonly testToken?: Address;
    readonly block?: number | undefined;
  },
): Promise<void> {
  try {
    await writeFile(file, `${toJson({ kind: "tacit deployment", version: 1, ...deployment })}\n`, {
      flag: "wx",
    });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "EEXIST"
      ? new FileExistsError(file)
      : new FileWriteError(file, error);
  }
}

/**
 * Whether a file holds the deployment to be made already; where there is none, whether one can be written.
 * @throws FileExistsError, FileWriteError
 */
export async function requireWritable(
  file: string,
  { chainId, factory }: Pick<Deployment, "chainId" | "factory">,
): Promise<boolean> {
  try {
    await access(file);
  } catch {
    try {
      await access(path.dirname(path.resolve(file)), constants.W_OK);
    } catch (error) {
      throw new FileWriteError(file, error);
    }
    return false;
  }
  const found = await readDeployment(file).catch(() => undefined);
  if (found?.chainId !== chainId || !isAddressEqual(found.factory, factory))
    throw new FileExistsError(file);
  return true;
}

/** @throws DeploymentFileError, FileReadError */
export async function readDeployment(file: string): Promise<Deployment> {
  let content: Record<string, unknown>;
  try {
    content = JSON.parse(await readText(file)) as typeof content;
  } catch (error) {
    if (error instanceof SyntaxError) throw new DeploymentFileError(file, "it is not JSON");
    throw error;
  }
  if (content?.["kind"] !== "tacit deployment" || content["version"] !== 1)
    throw new DeploymentFileError(file, "its kind or version is another one");
  const address = (value: unknown, name: string): Address => {
    const reading = readAddress(typeof value === "string" ? value : "");
    if ("problem" in reading)
      throw new DeploymentFileError(
        file,
        `${name} is not an address: ${addressProblem(reading.problem)}`,
      );
    return reading.address;
  };
  const rules = (content["payoutRules"] ?? {}) as Record<string, unknown>;
  if (typeof content["chainId"] !== "number")
    throw new DeploymentFileError(file, "chainId is not a number");
  return {
    chainId: content["chainId"],
    factory: address(content["factory"], "factory"),
    openGate: address(content["openGate"], "openGate"),
    documents: address(content["documents"], "documents"),
    payoutRules: {
      return: address(rules["return"], "payoutRules.return"),
      pay: address(rules["pay"], "payoutRules.pay"),
    },
  };
}
