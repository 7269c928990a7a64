import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

export type Dialect = "sqlite" | "postgres";

/** Steps from an empty database to the present schema, in order. Steps that were released never change. */
export function migrations(dialect: Dialect): Record<string, Migration> {
  return {
    "001 first version": { up: (db: Kysely<unknown>) => firstVersion(db, dialect) },
  };
}

async function firstVersion(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("rounds")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("chain_id", "bigint", (c) => c.notNull())
    .addColumn("address", "text", (c) => c.notNull())
    .addColumn("from_block", "bigint", (c) => c.notNull())
    .addColumn("synced_block", "bigint", (c) => c.notNull())
    .execute();
  await schema
    .createTable("checkpoints")
    .addColumn("round_id", "text", (c) => c.notNull())
    .addColumn("block", "bigint", (c) => c.notNull())
    .addColumn("hash", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("checkpoints_pk", ["round_id", "block"])
    .execute();
  await schema
    .createTable("logs")
    .addColumn("round_id", "text", (c) => c.notNull())
    .addColumn("block", "bigint", (c) => c.notNull())
    .addColumn("log_index", "bigint", (c) => c.notNull())
    .addColumn("tx_hash", "text", (c) => c.notNull())
    .addColumn("topics", "text", (c) => c.notNull())
    .addColumn("data", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("logs_pk", ["round_id", "block", "log_index"])
    .execute();
  await schema
    .createTable("proofs")
    .addColumn("key", "text", (c) => c.primaryKey())
    .addColumn("circuit", "text", (c) => c.notNull())
    .addColumn("proof", "text", (c) => c.notNull())
    .addColumn("signals", "text", (c) => c.notNull())
    .addColumn("witness_seconds", "double precision", (c) => c.notNull())
    .addColumn("prove_seconds", "double precision", (c) => c.notNull())
    .execute();
  await schema
    .createTable("opened")
    .addColumn("round_id", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("sealed", dialect === "sqlite" ? "blob" : "bytea", (c) => c.notNull())
    .addPrimaryKeyConstraint("opened_pk", ["round_id", "name"])
    .execute();
  await schema
    .createTable("transactions")
    .addColumn("hash", "text", (c) => c.primaryKey())
    .addColumn("step", "text", (c) => c.notNull())
    .addColumn("chain_id", "bigint", (c) => c.notNull())
    .addColumn("account", "text", (c) => c.notNull())
    .addColumn("nonce", "bigint", (c) => c.notNull())
    .addColumn("raw", "text", (c) => c.notNull())
    .addColumn("max_fee", "text", (c) => c.notNull())
    .addColumn("priority_fee", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("sent_at", "bigint", (c) => c.notNull())
    .addColumn("block", "bigint")
    .addColumn("mac", "text", (c) => c.notNull())
    .execute();
  await schema
    .createIndex("transactions_step")
    .on("transactions")
    .columns(["chain_id", "account", "step"])
    .execute();
  await schema
    .createTable("relay_queue")
    .addColumn("id", dialect === "sqlite" ? "integer" : "bigserial", (c) =>
      dialect === "sqlite" ? c.primaryKey().autoIncrement() : c.primaryKey(),
    )
    .addColumn("round_id", "text", (c) => c.notNull())
    .addColumn("group_id", "text", (c) => c.notNull())
    .addColumn("words", "text", (c) => c.notNull())
    .addColumn("batch", "text")
    .addColumn("place", "integer", (c) => c.notNull())
    .execute();
  await schema
    .createIndex("relay_queue_batch")
    .on("relay_queue")
    .columns(["round_id", "batch"])
    .execute();
  await schema
    .createTable("contribution_queue")
    .addColumn("round_id", "text", (c) => c.notNull())
    .addColumn("tag", "text", (c) => c.notNull())
    .addColumn("key_x", "text", (c) => c.notNull())
    .addColumn("key_y", "text", (c) => c.notNull())
    .addColumn("credits", "text", (c) => c.notNull())
    .addColumn("gate_data", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("contribution_queue_pk", ["round_id", "tag"])
    .execute();
  await schema
    .createTable("secrets")
    .addColumn("name", "text", (c) => c.primaryKey())
    .addColumn("ciphertext", "text", (c) => c.notNull())
    .execute();
  await schema
    .createTable("meta")
    .addColumn("key", "text", (c) => c.primaryKey())
    .addColumn("value", "text", (c) => c.notNull())
    .execute();
}
