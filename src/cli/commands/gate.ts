import { Command } from "commander";
import { BaseError } from "../../errors.ts";
import { draw } from "../../chain/draw.ts";
import { pinBalances } from "../../chain/pin_balances.ts";
import { readParts } from "../../chain/parts.ts";
import { findChecker, type Clauses } from "../../gates/index.ts";
import { openArtifacts } from "../../proofs/artifacts.ts";
import { trustedContracts } from "../../proofs/trusted_contracts.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import type { Io } from "../output/io.ts";
import { answer } from "../output/output.ts";
import { openRound, openRoundToSend, type RoundSession } from "../session.ts";

export class NoDrawError extends BaseError {
  constructor() {
    super("The round's gate has no jury to draw.", { fix: "See what it asks: `tacit gate show`." });
  }
}

export class NoPinError extends BaseError {
  constructor() {
    super("The round's gate goes by no balances at a block.", {
      fix: "See what it asks: `tacit gate show`.",
    });
  }
}

export function gateCommand(io: Io): Command {
  const show = new Command("show")
    .description("say what a round's gate asks of donors")
    .addHelpText("after", examples("tacit gate show --round 0x..."))
    .action(async (values: SharedValues) => showGate(io, values));
  const drawing = new Command("draw")
    .description("draw the jury of a round's gate by lot, once its time is past; anyone may")
    .addHelpText("after", examples("tacit gate draw --round 0x... --account-key me.key"))
    .action(async (values: SharedValues) => drawJury(io, values));
  const pinning = new Command("pin")
    .description("pin the balances that a round's gate goes by, once its block is past; anyone may")
    .addHelpText("after", examples("tacit gate pin --round 0x... --account-key me.key"))
    .action(async (values: SharedValues) => pin(io, values));
  return new Command("gate")
    .description("see what a round's gate asks, draw its jury, and pin its balances")
    .addCommand(withOptions(show, "rpc", "chain", "round"))
    .addCommand(withOptions(drawing, "rpc", "chain", "round", "account"))
    .addCommand(withOptions(pinning, "rpc", "chain", "round", "account"));
}

async function readGate({ read, config }: RoundSession, { artifacts }: SharedValues) {
  const contracts = await trustedContracts(await openArtifacts(artifacts));
  return (await readParts(read, config, contracts)).gate;
}

const nameSettings = (id: string, settings: readonly unknown[]) =>
  Object.fromEntries((findChecker(id)?.settings ?? []).map((name, i) => [name, settings[i]]));

async function showGate(io: Io, values: SharedValues): Promise<void> {
  const session = await openRound(io, values);
  const gate = await readGate(session, values);
  const { config } = session;
  if (gate.kind !== "clauses") {
    answer(io, values, { gate: config.gate, kind: gate.kind }, [
      gate.kind === "open"
        ? "The gate admits everyone."
        : `The gate ${config.gate} is none of this version's: what it asks, only its organiser can tell.`,
    ]);
    return;
  }
  const { exactCredits, clauses } = gate;
  const told = clauses.map((clause) =>
    clause.map(({ id, checker, settings }) => ({
      kind: id,
      checker,
      settings: nameSettings(id, settings),
    })),
  );
  answer(io, values, { gate: config.gate, kind: gate.kind, exactCredits, clauses: told }, [
    ...(exactCredits === 0n ? [] : [`Everybody must have exactly ${exactCredits} voice credits.`]),
    told.length === 1 ? "A donor must satisfy:" : "A donor must satisfy one of these:",
    ...told.flatMap((clause, i) => [
      ...(told.length === 1 ? [] : [`${i + 1}.`]),
      ...clause.map(
        ({ kind, checker, settings }) =>
          `  ${kind} at ${checker}${Object.entries(settings)
            .map(([name, value]) => `, ${name} ${String(value)}`)
            .join("")}`,
      ),
    ]),
  ]);
}

/** The gate's checkers of a kind, each once. */
async function findCheckers(session: RoundSession, values: SharedValues, wanted: string) {
  const gate = await readGate(session, values);
  const clauses: Clauses = gate.kind === "clauses" ? gate.clauses : [];
  return new Set(clauses.flat().flatMap(({ id, checker }) => (id === wanted ? [checker] : [])));
}

async function drawJury(io: Io, values: SharedValues): Promise<void> {
  const session = await openRoundToSend(io, values);
  const juries = await findCheckers(session, values, "sortition");
  if (juries.size === 0) throw new NoDrawError();
  const drawn = [];
  for (const checker of juries) drawn.push({ checker, seed: await draw(session.client, checker) });
  answer(
    io,
    values,
    { drawn },
    drawn.map(({ checker, seed }) => `The jury of ${checker} is drawn, with the seed ${seed}.`),
  );
}

async function pin(io: Io, values: SharedValues): Promise<void> {
  const session = await openRoundToSend(io, values);
  const checkers = await findCheckers(session, values, "erc20-at-block");
  if (checkers.size === 0) throw new NoPinError();
  const pinned = [];
  for (const checker of checkers)
    pinned.push({ checker, storageRoot: await pinBalances(session.client, checker) });
  answer(
    io,
    values,
    { pinned },
    pinned.map(
      ({ checker, storageRoot }) =>
        `The balances of ${checker} are pinned, with the root ${storageRoot}.`,
    ),
  );
}
