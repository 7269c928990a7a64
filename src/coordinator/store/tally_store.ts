import path from "node:path";
import { openDatabase, type Database } from "./database.ts";
import { journal, type Journal } from "./journal.ts";
import { openedStore, type OpenedStore } from "./opened.ts";
import { proofStore, type ProofStore } from "./proofs.ts";

/** What a tally remembers between runs: what it decrypted, its proofs, and the transactions that it signed. */
export type TallyStore = ProofStore & {
  readonly journal?: Journal;
  /** Of a round, under a key of 32 bytes. */
  readonly opened?: (round: string, key: Uint8Array) => OpenedStore;
};

/** A store in a coordinator's database. */
export function storeIn(database: Database): TallyStore {
  return {
    ...proofStore(database),
    journal: journal(database),
    opened: (round, key) => openedStore(database, round, key),
  };
}

/** A store in a folder, for one process at a time; it is left when the process ends. @throws DatabaseInUseError, DatabaseUnavailableError */
export async function openTallyStore(folder: string): Promise<TallyStore> {
  return storeIn(await openDatabase(path.join(folder, "tally.sqlite")));
}
