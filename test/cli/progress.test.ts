import { SingleBar } from "cli-progress";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Io } from "../../src/cli/output/io.ts";
import { withProgress } from "../../src/cli/output/progress.ts";

afterEach(() => vi.restoreAllMocks());

/** What a terminal, or a file, is told of two folds, the second of which is proved only where `fails` says nothing. */
async function told(isInteractive: boolean, fails?: Error) {
  const [start, stop] = [
    vi.spyOn(SingleBar.prototype, "start"),
    vi.spyOn(SingleBar.prototype, "stop"),
  ];
  const lines: string[] = [];
  const io = { err: (text: string) => lines.push(text), isInteractive } as unknown as Io;
  const ended = withProgress(io, async (onProgress) => {
    onProgress({ stage: "sync", done: 0, total: 9 });
    onProgress({ stage: "sync", done: 5, total: 9 });
    onProgress({ stage: "prove", done: 0, total: 2 });
    onProgress({ stage: "prove", done: 1, total: 2, secondsLeft: 60 });
    if (fails !== undefined) throw fails;
    onProgress({ stage: "prove", done: 2, total: 2 });
    onProgress({ stage: "close", done: 0, total: 1 });
    return "done";
  });
  const outcome = await ended.catch((error: unknown) => error);
  return { outcome, lines, bars: [start.mock.calls.length, stop.mock.calls.length] };
}

describe("a tally's progress", () => {
  test("is a bar on a terminal, which is gone when the next step begins, or when it fails", async () => {
    const whole = await told(true);
    expect(whole.outcome).toBe("done");
    expect(whole.bars).toEqual([1, 1]);
    expect(whole.lines).toEqual(["reading the round's items\n", "proving the close, finalizing\n"]);
    vi.restoreAllMocks();
    const error = new Error("no disk");
    const broken = await told(true, error);
    expect(broken.outcome).toBe(error);
    expect(broken.bars).toEqual([1, 1]);
  });

  test("is a line a step elsewhere, with the time that is left where it is known", async () => {
    const { lines, bars } = await told(false);
    expect(bars).toEqual([0, 0]);
    expect(lines).toEqual([
      "reading the round's items\n",
      "proving: fold 1 of 2\n",
      expect.stringMatching(/^proving: fold 2 of 2, about .+ left\n$/),
      "proving the close, finalizing\n",
    ]);
  });
});
