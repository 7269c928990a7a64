import path from "node:path";
import { BaseError, describeError } from "./errors.ts";

/**
 * The folder in which this version lies whole: the repository (this file in src/) or the installed package (this file in dist/).
 * Only this file counts folders, so that moving another one cannot lose what lies beside the code.
 */
export const INSTALLATION = path.resolve(import.meta.dirname, "..");

/** A file of the installation, by its path from there: `installed("build", "manifest.json")`. */
export const installed = (...parts: readonly string[]): string => path.join(INSTALLATION, ...parts);

/** A module beside the one that asks, as a file to start in a process or thread of its own: TypeScript in the repository, JavaScript in the package. */
export const siblingModule = ({ dirname, filename }: ImportMeta, name: string): string =>
  path.join(dirname, `${name}${path.extname(filename)}`);

export class MissingPackageError extends BaseError {
  constructor(what: string, name: string, cause: unknown) {
    super(`${what} needs the package "${name}", which does not come with this one.`, {
      fix: `Install it beside tacit (npm install ${name}, in the version that tacit's package.json names under peerDependencies), or use a clone of the repository.`,
      cause,
    });
  }
}

/** Loads a package that only some commands need. @throws MissingPackageError where it is not installed */
export async function loadOptional<T>(
  what: string,
  name: string,
  load: () => T | Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing =
      ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(
        String((error as NodeJS.ErrnoException).code),
      ) && describeError(error).includes(name);
    throw missing ? new MissingPackageError(what, name, error) : error;
  }
}
