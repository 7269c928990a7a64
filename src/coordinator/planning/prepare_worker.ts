// The thread of prepareInThread: everything between the chain's links and the circuits' inputs.
import { parentPort, workerData } from "node:worker_threads";
import { openCoordinatorKey } from "../../protocol/coordinator_key.ts";
import { listItems } from "../../protocol/item.ts";
import { completeTranscript, prepareTally } from "../../transcript/transcript.ts";
import type { Prepared, PrepareRequest } from "./prepare.ts";

const { links, statement, rowsPerFold, ...request } = workerData as PrepareRequest;
const key = openCoordinatorKey(request.key);
const tally = await prepareTally(listItems(links), statement, key, rowsPerFold);
const answer: Prepared = { tally, transcript: await completeTranscript(tally, key) };
parentPort?.postMessage(answer);
