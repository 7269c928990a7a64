import path from "node:path";
import { openDatabase, type Database } from "./store/database.ts";
import { journal, type Journal } from "./store/journal.ts";
import { proofStore, type ProofStore as Proofs } from "./store/proofs.ts";

/** What a tally remembers between runs: its proofs, and the transactions that it signed. */
export type ProofStore = Proofs & { readonly journal?: Journal };

/** A store in a coordinator's database. */
export function storeIn(database: Database): ProofStore {
  return { ...proofStore(database), journal: journal(database) };
}

/** A store in a folder, for one process at a time; it is left when the process ends. @throws DatabaseInUseError, DatabaseUnavailableError */
export async function openProofStore(folder: string): Promise<ProofStore> {
  return storeIn(await openDatabase(path.join(folder, "tally.sqlite")));
}
