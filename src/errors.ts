/** What an error may carry beside its one-line description. */
export type BaseErrorOptions = {
  /** What the reader can do about it: one or two sentences in the imperative. */
  fix?: string;
  /** The error underneath, if this one only adds context. */
  cause?: unknown;
  /** Facts that help to find the place: `"line 12 of donations.csv"`, `"got 17, limit 16"`. */
  details?: readonly string[];
};

/**
 * The root of every error that this project throws on purpose.
 *
 * Subclasses live beside the code that throws them and set nothing but their arguments:
 *
 *   export class UnknownProjectError extends BaseError {
 *     constructor(project: string) {
 *       super(`Project "${project}" is not in this round.`, { fix: "Check the spelling against `tacit status`." });
 *     }
 *   }
 *
 * `message` is composed for a terminal: the description, the details, what to do, the cause.
 */
export class BaseError extends Error {
  /** The description alone: one sentence that names the offending value. */
  readonly shortMessage: string;
  readonly fix: string | undefined;
  readonly details: readonly string[];

  constructor(shortMessage: string, options: BaseErrorOptions = {}) {
    const details = options.details ?? [];
    super(
      compose(shortMessage, details, options),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = new.target.name;
    this.shortMessage = shortMessage;
    this.fix = options.fix;
    this.details = details;
  }

  /** The first error in the chain of causes, this one included, that `matches`. */
  walk(matches: (error: unknown) => boolean): unknown {
    let error: unknown = this;
    while (error !== undefined) {
      if (matches(error)) return error;
      error = error instanceof Error ? error.cause : undefined;
    }
    return undefined;
  }
}

/** The short form of any thrown value: a BaseError's own sentence, else the first line of its message. */
export function describeError(error: unknown): string {
  if (error instanceof BaseError) return error.shortMessage;
  if (error instanceof Error) return error.message.split("\n", 1)[0] || error.name;
  return String(error);
}

function compose(
  shortMessage: string,
  details: readonly string[],
  options: BaseErrorOptions,
): string {
  const lines = [shortMessage, ...details.map((detail) => `  ${detail}`)];
  if (options.fix !== undefined) lines.push(`What to do: ${options.fix}`);
  if (options.cause !== undefined) lines.push(`Cause: ${describeError(options.cause)}`);
  return lines.join("\n");
}

/** A text in which every URL is cut down to its server: what else stands in one may be a key or a password. */
export function withoutSecrets(text: string): string {
  return text.replace(
    /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/?#"'<>]*)([^\s"'<>]*)/gi,
    (_, scheme: string, authority: string, rest: string) => {
      if (rest.includes("@")) return `${scheme}…`; // a password with a slash in it, perhaps: nothing says where it ends
      return `${scheme}${authority.slice(authority.lastIndexOf("@") + 1)}${/^\/?[).,;:]*$/.test(rest) ? rest : "/…"}`;
    },
  );
}
