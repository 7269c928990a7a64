import { makeStamp } from "../../../src/index.ts";

/** Does the work that a relay asks for, beside the page. It gets encrypted messages only. */
addEventListener(
  "message",
  ({
    data: { challenge, what },
  }: MessageEvent<{
    challenge: Parameters<typeof makeStamp>[0];
    what: Parameters<typeof makeStamp>[1];
  }>) => {
    makeStamp(challenge, what).then(
      (stamp) => postMessage({ stamp }),
      (error: Error) => postMessage({ failed: error.message }),
    );
  },
);
