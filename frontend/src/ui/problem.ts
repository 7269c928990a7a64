import type { TFunction } from "i18next";
import { InsufficientFundsError, UserRejectedRequestError } from "viem";
import {
  ContractRefusedError,
  ForeignRoundError,
  TransactionError,
  type Fate,
} from "../../../src/index.ts";
import { listCauses, listCodes } from "../causes.ts";

/** What went wrong in words for everyone, and the way on. */
export type ProblemText = { readonly title: string; readonly help: string };

/**
 * Every error comes to one of a few sentences. The error's own text is not shown where it could repeat what was sent:
 * a wallet's or a node's message holds the whole transaction.
 */
export function problemText(error: unknown, t: TFunction): ProblemText {
  const kind = problemKind(error);
  if (kind === "fate") {
    const fate = findFate(error) as Fate;
    const hash = "hash" in fate ? fate.hash : "id" in fate ? fate.id : undefined;
    return {
      title: t(`problem.fate.${fate.state}.title`),
      help: t(`problem.fate.${fate.state}.help`, { hash: hash ?? "" }).trim(),
    };
  }
  if (kind === "refused") {
    const { reason } = error as ContractRefusedError;
    // Older tokens have sentences in place of names.
    const name = /exceeds balance/i.test(reason)
      ? "ERC20InsufficientBalance"
      : /^\w+$/.test(reason)
        ? reason
        : "";
    // The refusals that have words of their own are those that the catalogues name; the others are told by name.
    const title = t(`problem.refused.${name}.title`, { defaultValue: "" });
    if (title !== "") return { title, help: t(`problem.refused.${name}.help`) };
    return {
      title: t("problem.refusedOther.title"),
      help: t("problem.refusedOther.help", { reason }),
    };
  }
  if (kind === "foreign") {
    const why = findForeignRound(error)?.reason ?? "absent";
    return {
      title: t("problem.foreign.title"),
      help: `${t(`problem.foreign.why.${why}`)} ${t("problem.foreign.help")}`,
    };
  }
  if (kind === "balance")
    return {
      title: t("problem.refused.ERC20InsufficientBalance.title"),
      help: t("problem.refused.ERC20InsufficientBalance.help"),
    };
  return { title: t(`problem.${kind}.title`), help: t(`problem.${kind}.help`) };
}

const findForeignRound = (error: unknown): ForeignRoundError | undefined =>
  listCauses(error).find((one) => one instanceof ForeignRoundError);

/** Of a transaction that did not come to its end: where it stands. */
const findFate = (error: unknown): Fate | undefined =>
  listCauses(error).flatMap((one) => (one instanceof TransactionError ? [one.fate] : []))[0];

/** States with words of their own; the others are told as what they are: refused, declined, out of coin, mined and reverted. */
const TOLD: ReadonlySet<Fate["state"]> = new Set([
  "perhapsSent",
  "proposed",
  "pending",
  "replaced",
  "notSent",
]);

type Kind =
  | "fate"
  | "refused"
  | "foreign"
  | "developmentKeys"
  | "declined"
  | "gas"
  | "balance"
  | "network"
  | "account"
  | "chain"
  | "mined"
  | "busyTab"
  | "projects"
  | "logs"
  | "relay"
  | "memberSecret"
  | "memberGroup"
  | "memberAbsent"
  | "other";

export function problemKind(error: unknown): Kind {
  if (error instanceof ContractRefusedError) return "refused";
  if (findForeignRound(error) !== undefined) return "foreign";
  const errors = listCauses(error);
  const code = (wanted: number) => listCodes(error).includes(wanted);
  const named = (...names: string[]) => errors.some((one) => names.includes((one as Error).name));
  const says = (pattern: RegExp) =>
    errors.some((one) => pattern.test((one as Error).message ?? ""));
  if (code(4001) || errors.some((one) => one instanceof UserRejectedRequestError))
    return "declined";
  if (
    errors.some((one) => one instanceof InsufficientFundsError) ||
    says(/insufficient funds|doesn't have enough funds|gas required exceeds allowance/i)
  )
    return "gas";
  if (named("BusyTabError")) return "busyTab";
  if (named("ProjectCountError")) return "projects";
  if (named("NotARoundError")) return "foreign"; // nothing is there
  if (named("DevelopmentKeysError")) return "developmentKeys";
  if (named("InsufficientBalanceError")) return "balance";
  if (named("OtherAccountError", "ConnectorAccountNotFoundError", "ConnectorNotConnectedError"))
    return "account";
  if (
    named(
      "OtherChainError",
      "SwitchChainError",
      "SwitchChainNotSupportedError",
      "ConnectorChainMismatchError",
      "ChainMismatchError",
    ) ||
    code(4902)
  )
    return "chain";
  const fate = findFate(error);
  if (fate !== undefined && TOLD.has(fate.state)) return "fate";
  if (named("RelayError")) return "relay";
  if (named("MemberSecretError")) return "memberSecret";
  if (named("WrongGroupError", "GroupError")) return "memberGroup";
  if (named("NotInGroupError")) return "memberAbsent";
  if (
    named("HttpRequestError", "TimeoutError", "RpcUnreachableError") ||
    says(/failed to fetch|networkerror/i)
  )
    return "network";
  if (named("MissingLogsError", "LogRangeError")) return "logs";
  if (named("TransactionFailedError")) return "mined";
  return "other";
}
