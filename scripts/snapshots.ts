// Writes snapshots/*.json and says what changed: npm run snapshots [name…]
import { say } from "./pipeline/progress.ts";
import { writeAtomically } from "./pipeline/step.ts";
import { SNAPSHOTS } from "./snapshots/all.ts";
import { differences, readSnapshot, snapshotFile } from "./snapshots/snapshot.ts";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !SNAPSHOTS.some((snapshot) => snapshot.name === name));
if (unknown.length > 0) {
  say(
    `error: There is no snapshot ${unknown.join(", ")}.\nWhat to do: Name some of: ${SNAPSHOTS.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}
for (const { name, measure, tolerance } of SNAPSHOTS) {
  if (names.length > 0 && !names.includes(name)) continue;
  const before = await readSnapshot(name).catch(() => undefined);
  const after = await measure();
  const changes = before === undefined ? ["new"] : differences(before, after, tolerance);
  // Within the tolerance the file stays, so that a mere repetition changes nothing.
  if (changes.length > 0)
    await writeAtomically(snapshotFile(name), `${JSON.stringify(after, undefined, 2)}\n`);
  say(
    `snapshots: ${name} ${changes.length === 0 ? "unchanged" : `written\n  ${changes.join("\n  ")}`}`,
  );
}
process.exit(0);
