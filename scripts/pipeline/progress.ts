/** Progress goes to stderr: stdout belongs to the task that the build precedes. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function seconds(since: number): string {
  const elapsed = (performance.now() - since) / 1000;
  return elapsed < 10 ? `${elapsed.toFixed(1)} s` : `${Math.round(elapsed)} s`;
}

const HEARTBEAT_MS = 15_000;

/**
 * Announces `doing`, repeats it with the time so far while `work` runs, and ends with what `work` says it has done:
 *
 *   circuits: fold_small (2^16) compiling…
 *   circuits: fold_small (2^16) compiling… 15 s
 *   circuits: fold_small (2^16) compiled, 64,012 constraints, 19 s
 */
export async function withProgress(
  subject: string,
  doing: string,
  work: () => Promise<string>,
): Promise<void> {
  const started = performance.now();
  say(`${subject} ${doing}…`);
  const heartbeat = setInterval(
    () => say(`${subject} ${doing}… ${seconds(started)}`),
    HEARTBEAT_MS,
  );
  try {
    const done = await work();
    say(`${subject} ${done}, ${seconds(started)}`);
  } finally {
    clearInterval(heartbeat);
  }
}
