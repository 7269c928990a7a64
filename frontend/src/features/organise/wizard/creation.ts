import { isAddressEqual, type Address } from "viem";
import {
  addProjects,
  createGate,
  createOptimisticRegistry,
  createPayoutRule,
  createRegistry,
  createReviews,
  createRound,
  digestDocument,
  hasCode,
  isPinned,
  isSameIntention,
  listProjects,
  locateOptimisticRegistry,
  locateReviews,
  pinBalances,
  publishDocuments,
  readConfig,
  readDocuments,
  readMadeBy,
  requireCreatable,
  type ReadClient,
  type WriteClient,
} from "../../../../../src/index.ts";
import type { WholeChain } from "../../../config/site.ts";
import type { Plan } from "./plan.ts";

/** What a round is made in: each is a transaction, or several, and is not done twice. */
export const CREATION = [
  "gate",
  "pin",
  "panel",
  "rule",
  "documents",
  "registry",
  "projects",
  "round",
] as const;
export type CreationStep = (typeof CREATION)[number];

/** How far a round is that was begun, as the chain itself tells: nothing on the device has to be right, or to be there at all. */
export type Made = {
  /** Steps that are done, or that this round does without. */
  readonly done: ReadonlySet<CreationStep>;
  readonly registry: Address | undefined;
  /** Projects that the registry has already: the first of the plan's. */
  readonly listed: number;
  readonly round: Address | undefined;
};

/** The account has sent something that no block has yet: what it is cannot be told, and may be the very next step. */
export class TransactionUnderWayError extends Error {
  override readonly name = "TransactionUnderWayError";
}

export async function readMade(read: ReadClient, chain: WholeChain, plan: Plan): Promise<Made> {
  const { factory, documents, creationCode } = chain.contracts;
  const { settings, panel } = plan;
  const optimistic =
    plan.registry === undefined ? undefined : locateOptimisticRegistry(creationCode, plan.registry);
  const fromBlock = BigInt(chain.fromBlock);
  const digests = listDocuments(plan).map(digestDocument);
  const [hasGate, pinned, hasPanel, hasRule, hasOptimistic, published, made] = await Promise.all([
    plan.gate === undefined || hasCode({ read }, settings.gate),
    Promise.all(listDue(plan).map((checker) => isPinned(read, checker))),
    panel === undefined || hasCode({ read }, locateReviews(creationCode, panel)),
    plan.payout === undefined || hasCode({ read }, settings.payoutRule),
    optimistic !== undefined && hasCode({ read }, optimistic),
    readDocuments(read, documents, { digests, fromBlock }),
    readMadeBy(read, factory, settings.organiser),
  ]);
  // Anybody may make a round in the organiser's name, but only the organiser adds projects to a registry of hers; over one in which
  // silence accepts, whose settings say all of it, a round that is alike is this one.
  const isOver = (registry: Address) =>
    optimistic === undefined
      ? made.registries.some((one) => isAddressEqual(one.registry, registry))
      : isAddressEqual(optimistic, registry);
  const alike = made.rounds.filter(
    ({ config }) =>
      isOver(config.registry) &&
      isSameIntention(
        config,
        { ...settings, registry: config.registry },
        { start: false, end: false },
      ),
  );
  // The salt is the document's digest: one of two rounds with the same settings is this one.
  const isThis = await Promise.all(
    alike.map(async ({ round, config: { registry } }) => {
      const { salt } = await readConfig(read, round, chain.contracts);
      return (
        salt === digests[0] && (await hasAllOwn(read, { registry, documents, fromBlock }, plan))
      );
    }),
  );
  const round = alike.find((_, i) => isThis[i]);
  const registries = made.registries.filter(
    ({ registry, freezeTime }) =>
      freezeTime === settings.end &&
      !made.rounds.some(({ config }) => isAddressEqual(config.registry, registry)),
  );
  const candidates =
    round === undefined && optimistic === undefined
      ? registries.map(({ registry }) => registry)
      : [];
  const counted = await Promise.all(
    candidates.map((registry) => countOwn(read, { registry, documents, fromBlock }, plan)),
  );
  const at = counted.findLastIndex((count) => count !== undefined);
  const own = optimistic === undefined ? candidates[at] : hasOptimistic ? optimistic : undefined;
  const registry = round?.config.registry ?? own;
  const listed = round === undefined ? (counted[at] ?? 0) : plan.projects.length;
  const done: readonly (readonly [CreationStep, boolean])[] = [
    ["gate", hasGate],
    ["pin", !pinned.includes(false)],
    ["panel", hasPanel],
    ["rule", hasRule],
    ["documents", digests.every((digest) => published.has(digest))],
    ["registry", registry !== undefined],
    ["projects", listed === plan.projects.length],
    ["round", round !== undefined],
  ];
  return {
    done: new Set(done.filter(([, is]) => is).map(([step]) => step)),
    registry,
    listed,
    round: round?.round,
  };
}

/** Checkers with balances that are pinned while the round is made. */
export const listDue = ({ balances }: Pick<Plan, "balances">): readonly Address[] =>
  balances.filter(({ isDue }) => isDue).map(({ checker }) => checker);

/** The round's own first. */
const listDocuments = ({ about, projects }: Plan): readonly Uint8Array[] => [
  about,
  ...projects.map(({ document }) => document),
];

/** How many of the plan's projects a registry has, where it has no others. */
async function countOwn(
  read: ReadClient,
  source: Parameters<typeof listProjects>[1],
  { projects }: Plan,
): Promise<number | undefined> {
  const listed = await listProjects(read, source);
  const isOwn = listed.every((one, i) => one.eligible && isListedAs(one, projects[i]));
  return isOwn ? listed.length : undefined;
}

/** Whether a registry begins with the plan's projects, whatever came of them since. */
async function hasAllOwn(
  read: ReadClient,
  source: Parameters<typeof listProjects>[1],
  { projects }: Plan,
): Promise<boolean> {
  const listed = await listProjects(read, source);
  return projects.every((own, i) => isListedAs(listed[i], own));
}

const isListedAs = (
  listed: { readonly recipient: Address; readonly metadataURI: string } | undefined,
  own: Plan["projects"][number] | undefined,
): boolean =>
  listed !== undefined &&
  own !== undefined &&
  listed.metadataURI === own.metadataURI &&
  isAddressEqual(listed.recipient, own.recipient);

/**
 * Makes what is missing of a round, one transaction after the other; the round itself last, so that nobody sees half of it.
 * @throws TransactionUnderWayError, and what sending throws: then it goes on from there when it is called again
 */
export async function createMissing(
  client: WriteClient,
  chain: WholeChain,
  plan: Plan,
  onStep: (step: CreationStep, done: ReadonlySet<CreationStep>) => void,
): Promise<Address> {
  const { factory, documents, creationCode, openGate, payoutRules } = chain.contracts;
  const { settings } = plan;
  await requireSettled(client);
  const made = await readMade(client.read, chain, plan);
  if (made.round !== undefined) return made.round;
  const salt = digestDocument(plan.about);
  // What the factory would refuse is refused before anything is paid for.
  await requireCreatable(client, {
    factory,
    salt,
    settings: {
      ...settings,
      registry: made.registry ?? UNMADE,
      gate: made.done.has("gate") ? settings.gate : openGate,
      payoutRule: made.done.has("rule") ? settings.payoutRule : payoutRules.return,
    },
  });
  const done = new Set(made.done);
  let registry = made.registry;
  const acts: Record<Exclude<CreationStep, "round">, () => Promise<unknown>> = {
    gate: async () => plan.gate && createGate(client, creationCode, plan.gate),
    pin: async () => {
      for (const checker of listDue(plan)) await pinBalances(client, checker);
    },
    panel: async () => plan.panel && createReviews(client, creationCode, plan.panel),
    rule: async () => plan.payout && createPayoutRule(client, creationCode, plan.payout),
    documents: async () => {
      const all = listDocuments(plan);
      const published = await readDocuments(client.read, documents, {
        digests: all.map(digestDocument),
        fromBlock: BigInt(chain.fromBlock),
      });
      const missing = new Map(all.map((document) => [digestDocument(document), document]));
      await publishDocuments(
        client,
        documents,
        [...missing].filter(([digest]) => !published.has(digest)).map(([, document]) => document),
      );
    },
    registry: async () => {
      if (plan.registry !== undefined) {
        registry = await createOptimisticRegistry(client, creationCode, plan.registry);
        return;
      }
      const request = { factory, owner: settings.organiser, freezeTime: settings.end };
      registry = (await createRegistry(client, request)).registry;
    },
    projects: async () =>
      addProjects(client, {
        registry: registry as Address,
        projects: plan.projects
          .slice(made.listed)
          .map(({ recipient, metadataURI }) => ({ recipient, metadataURI })),
      }),
  };
  for (const step of CREATION) {
    if (done.has(step)) continue;
    onStep(step, new Set(done));
    if (step !== "round") await acts[step]();
    done.add(step);
  }
  const request = { factory, salt, settings: { ...settings, registry: registry as Address } };
  return (await createRound(client, request)).round;
}

/** Stands for the registry that is yet to be made. */
const UNMADE: Address = `0x${"ee".repeat(20)}`;

async function requireSettled({ read, wallet }: WriteClient): Promise<void> {
  const { address } = wallet.account;
  const [latest, pending] = await Promise.all(
    (["latest", "pending"] as const).map((blockTag) =>
      read.getTransactionCount({ address, blockTag }),
    ),
  );
  if ((pending as number) > (latest as number)) throw new TransactionUnderWayError();
}
