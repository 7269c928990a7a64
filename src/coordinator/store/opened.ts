import type { Database } from "./database.ts";
import { seal, unseal } from "./sealing.ts";

/** What a tally has decrypted and computed before its proofs, by content, so that a crash costs none of it again. Every record is sealed. */
export type OpenedStore = {
  /** Undefined for what is not there, was sealed under another key, or was changed. */
  readonly get: (name: string) => Promise<Uint8Array | undefined>;
  readonly put: (name: string, content: Uint8Array) => Promise<void>;
  /** Forgets all of the round, once it is done. */
  readonly clear: () => Promise<void>;
};

/** A round's records in a database, sealed under a key of 32 bytes. `round` names the round there. */
export function openedStore({ query }: Database, round: string, key: Uint8Array): OpenedStore {
  return {
    async get(name) {
      const row = await query
        .selectFrom("opened")
        .select("sealed")
        .where("round_id", "=", round)
        .where("name", "=", name)
        .executeTakeFirst();
      return row === undefined ? undefined : unseal(key, name, row.sealed);
    },
    async put(name, content) {
      const sealed = seal(key, name, content);
      await query
        .insertInto("opened")
        .values({ round_id: round, name, sealed })
        .onConflict((c) => c.columns(["round_id", "name"]).doUpdateSet({ sealed }))
        .execute();
    },
    async clear() {
      await query.deleteFrom("opened").where("round_id", "=", round).execute();
    },
  };
}
