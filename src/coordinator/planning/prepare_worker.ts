// The thread of prepareInThread: everything between the chain's links and the circuits' inputs.
import { parentPort, workerData } from "node:worker_threads";
import { itemsOf } from "../../protocol/item.ts";
import { completeTranscript, prepareTally } from "../../transcript/transcript.ts";
import type { Prepared, PrepareRequest } from "./prepare.ts";

const { links, statement, secret, rowsPerFold } = workerData as PrepareRequest;
const tally = prepareTally(itemsOf(links), statement, secret, rowsPerFold);
const answer: Prepared = { tally, transcript: completeTranscript(tally, secret) };
parentPort?.postMessage(answer);
