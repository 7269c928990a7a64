/** What the command line answers to the shell. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** Refused or failed; nothing was changed unless the message says so. */
  failed: 1,
  /** The command itself was not understood. */
  usage: 2,
  /** `verify` or `run` found that something does not hold. */
  negative: 3,
} as const;
