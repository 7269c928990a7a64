import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useConfig, type Config } from "wagmi";
import type { Address } from "viem";
import {
  BaseError,
  readAddress,
  readWithNames,
  type AddressReader,
  type NameAnswer,
} from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";
import { looksNamesUp, nameService, namesOn } from "./name_chain.ts";

/** Why a name stands for no account here: of no form, nobody's, answered by a server elsewhere, on a chain without names, or without an answer. */
export type NameProblem = "form" | "unknown" | "outside" | "none" | "silent";

const PROBLEMS: Readonly<Record<string, NameProblem>> = {
  NameFormError: "form",
  UnknownNameError: "unknown",
  OutsideNameError: "outside",
  NameServiceError: "none",
};

export const nameProblem = (error: unknown): NameProblem =>
  (error instanceof Error ? PROBLEMS[error.name] : undefined) ?? "silent";

/** What is typed in place of an address, where it is a name. */
export function typedName(text: string): string | undefined {
  const reading = readAddress(text);
  return "problem" in reading && reading.problem === "name" ? reading.name : undefined;
}

/** A name is looked up once it has not changed for so many milliseconds: no node need see it grow. */
const REST = 400;

function useRested<T>(value: T): T | undefined {
  const [rested, setRested] = useState<T>();
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

export type NameState =
  | { readonly is: "asking"; readonly name: string }
  | { readonly is: "found"; readonly name: string; readonly address: Address }
  | { readonly is: "failed"; readonly name: string; readonly problem: NameProblem };

/** What a text stands for where it is a name; undefined for all else. With `known`, what it stood for earlier, nobody is asked. */
export function useTypedName(
  chain: SiteChain,
  text: string,
  known?: Address,
): NameState | undefined {
  const config = useConfig();
  const name = typedName(text);
  const rested = useRested(name);
  const isServed = looksNamesUp(chain);
  const { data, error } = useQuery({
    queryKey: ["name", chain.id, rested],
    enabled: rested !== undefined && known === undefined && isServed,
    retry: false,
    queryFn: async () => (await nameService()).lookUpName(namesOn(config, chain), rested as string),
  });
  if (name === undefined) return undefined;
  if (known !== undefined) return { is: "found", name, address: known };
  if (!isServed) return { is: "failed", name, problem: "none" };
  if (rested !== name || (data === undefined && error === null)) return { is: "asking", name };
  return data === undefined
    ? { is: "failed", name, problem: nameProblem(error) }
    : { is: "found", name, address: data };
}

/** What names in a form stood for when they were looked up. */
export function useLearntNames() {
  const [names, setNames] = useState<ReadonlyMap<string, Address>>(new Map());
  const learn = useCallback(
    (name: string, address: Address) => setNames((all) => new Map([...all, [name, address]])),
    [],
  );
  const knownFor = (text: string): Address | undefined => names.get(typedName(text) ?? "");
  return { knownFor, learn };
}

/** All of several at once; a node that does not answer is the reason for each. */
export async function answerNames(
  config: Config,
  chain: SiteChain,
  names: readonly string[],
): Promise<ReadonlyMap<string, NameAnswer>> {
  try {
    return await (await nameService()).lookUpNames(namesOn(config, chain), names);
  } catch (cause) {
    const silent = new BaseError("No node answers.", { cause });
    return new Map(names.map((name) => [name, silent]));
  }
}

/** Reads a file in which names may stand for accounts. */
export const readNaming = <T>(
  config: Config,
  chain: SiteChain,
  read: (readOne: AddressReader) => T | Promise<T>,
): Promise<T> => readWithNames(read, (names) => answerNames(config, chain, names));
