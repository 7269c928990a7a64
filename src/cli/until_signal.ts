/** Settles at the first SIGINT or SIGTERM, or when `done` does. A second signal ends the process at once. */
export async function untilSignal(
  done: Promise<void> = new Promise(() => undefined),
): Promise<void> {
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
  await Promise.race([signalled, done]);
}
