import { SingleBar } from "cli-progress";
import type { TallyEvent } from "../../coordinator/tally/tally.ts";
import type { Io } from "./io.ts";
import { duration } from "./output.ts";

const STAGES: Readonly<Record<TallyEvent["stage"], string>> = {
  sync: "reading the round's items",
  prepare: "opening ballots, applying the rules",
  commit: "committing to the result",
  prove: "proving",
  submit: "submitting",
  results: "listing the results",
  close: "proving the close, finalizing",
};

/** Shows a tally's progress on stderr until it ends, or fails: a bar on a terminal, one line a step elsewhere. */
export async function withProgress<T>(
  io: Io,
  tally: (onProgress: (event: TallyEvent) => void) => Promise<T>,
  indent = "",
): Promise<T> {
  let bar: SingleBar | undefined;
  let last = "";
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  const say = (line: string) => {
    if (line !== last) io.err(`${indent}${line}\n`);
    last = line;
  };
  const onProgress = ({ stage, done, total, secondsLeft }: TallyEvent) => {
    const left = secondsLeft === undefined ? "" : `, about ${duration(secondsLeft)} left`;
    if (stage === "prove" && io.isInteractive) {
      if (bar === undefined) {
        bar = new SingleBar({
          format: `${indent}proving {bar} {value}/{total} folds{left}`,
          barsize: 30,
          hideCursor: true,
          stream: process.stderr,
          barCompleteChar: "█",
          barIncompleteChar: "░",
        });
        bar.start(total, done, { left });
      }
      bar.update(done, { left: done === total ? "" : left });
      if (done === total) stop();
    } else if (stage === "prove") {
      if (done < total) say(`proving: fold ${done + 1} of ${total}${left}`);
    } else if (stage !== "submit" && (done === 0 || stage === "commit" || stage === "results")) {
      stop();
      say(STAGES[stage]);
    }
  };
  // A bar hides the cursor.
  return tally(onProgress).finally(stop);
}
