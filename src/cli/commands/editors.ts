import { Command } from "commander";
import { isAddressEqual, type Address } from "viem";
import { setEditor, type Editors } from "../../chain/editors.ts";
import {
  checkEditorRequest,
  decodeEditorRequest,
  editorRequestText,
  encodeEditorRequest,
} from "../../chain/editor_request.ts";
import { BaseError } from "../../errors.ts";
import {
  examples,
  parseAddress,
  parseUrl,
  withOptions,
  type SharedValues,
} from "../input/options.ts";
import { openRegistry } from "../input/registry.ts";
import { review, withReview, type ReviewValues } from "../input/review.ts";
import type { Io } from "../output/io.ts";
import { answer, table, time } from "../output/output.ts";
import { openRound, openRoundToSend, type RoundSession } from "../session.ts";

type AddValues = SharedValues &
  ReviewValues & { readonly editor?: Address; readonly request?: string };
type RemoveValues = SharedValues & { readonly editor: Address };
type AskValues = SharedValues & { readonly note: string; readonly site?: string };

export class NoEditorsError extends BaseError {
  constructor() {
    super("In the round's registry silence accepts: it has no owner, and no editors.", {
      fix: "Whoever helps challenges applications: see `tacit applications`. Nothing was sent.",
    });
  }
}

export class NoEditorNamedError extends BaseError {
  constructor() {
    super(
      "The command needs one account: --editor with its address, or --request with what it has signed.",
      {
        fix: "Give one of both. Nothing was sent.",
      },
    );
  }
}

export class NotOwnerError extends BaseError {
  constructor(owner: Address) {
    super(`Only the owner of the registry, ${owner}, names editors.`, {
      fix: "Use the owner's account. Nothing was sent.",
    });
  }
}

export class OwnerIsEditorError extends BaseError {
  constructor(owner: Address) {
    super(`${owner} owns the registry: it may do all that an editor may.`, {
      fix: "Name another account. Nothing was sent.",
    });
  }
}

export function editorsCommand(io: Io): Command {
  const list = new Command("list")
    .description("who may approve, add and delist projects, and who could before")
    .action(async (values: SharedValues) => listEditors(io, values));
  const ask = new Command("ask")
    .description(
      "ask a round's owner to become an editor: signs a request and prints it; sends nothing",
    )
    .option("--note <text>", "who you are, for the owner: one line of at most 200 bytes", "")
    .option(
      "--site <URL>",
      "the page's address: then a link is printed that the owner opens there",
      parseUrl,
    )
    .addHelpText(
      "after",
      examples(
        'tacit editors ask --round 0x... --note "Mei from the library" --account-key me.key',
      ),
    )
    .action(async (values: AskValues) => askToEdit(io, values));
  const add = withReview(new Command("add"))
    .description(
      "make an account an editor: it approves, adds and delists until the freeze (owner)",
    )
    .option("--editor <address>", "its address", parseAddress)
    .option("--request <link>", "or what it has signed: the link of its request, or the end of it")
    .addHelpText(
      "after",
      examples(
        "tacit editors add --round 0x... --editor 0x... --account-key me.key",
        "tacit editors add --round 0x... --request https://rounds.example/#/1/0x.../join/AQAA... --account-key me.key",
      ),
    )
    .action(async (values: AddValues) => addEditor(io, values));
  const remove = new Command("remove")
    .description("take that away again; what the editor did stays (owner)")
    .requiredOption("--editor <address>", "its address", parseAddress)
    .addHelpText(
      "after",
      examples("tacit editors remove --round 0x... --editor 0x... --account-key me.key"),
    )
    .action(async (values: RemoveValues) => removeEditor(io, values));
  return new Command("editors")
    .description(
      "co-organisers: who may change the list of projects beside its owner, until it freezes",
    )
    .addCommand(withOptions(list, "rpc", "chain", "round"))
    .addCommand(withOptions(ask, "rpc", "chain", "round", "account"))
    .addCommand(withOptions(add, "rpc", "chain", "round", "account"))
    .addCommand(withOptions(remove, "rpc", "chain", "round", "account"));
}

/** @throws ForeignRegistryError, NoEditorsError */
async function openOwned(
  session: RoundSession,
): Promise<Editors & { readonly freezeTime: bigint }> {
  const opened = await openRegistry(session);
  if (opened.kind !== "owned") throw new NoEditorsError();
  return opened;
}

/** The chain's, in seconds: two computers' clocks may differ. */
const chainTime = async ({ read }: RoundSession): Promise<number> =>
  Number((await read.getBlock()).timestamp);

const among = (all: readonly Address[], one: Address): boolean =>
  all.some((it) => isAddressEqual(it, one));

async function listEditors(io: Io, values: SharedValues): Promise<void> {
  const { owner, editors, ever, freezeTime } = await openOwned(await openRound(io, values));
  const roleOf = (one: Address) => {
    if (isAddressEqual(one, owner)) return "owner";
    return among(editors, one) ? "editor" : "could before";
  };
  answer(io, values, { owner, editors, ever, freezeTime }, () => [
    `The list is fixed at ${time(freezeTime)}.`,
    table(
      ["account", "is"],
      ever.map((one) => [one, roleOf(one)]),
    ),
  ]);
}

async function askToEdit(io: Io, values: AskValues): Promise<void> {
  const session = await openRoundToSend(io, values);
  await openOwned(session);
  const { client, chainId, round, config } = session;
  const { account } = client.wallet;
  const request = {
    round: { chainId, address: round },
    registry: config.registry,
    account: account.address,
    time: await chainTime(session),
    note: values.note.trim(),
  };
  const signature = await client.wallet.signMessage({
    account,
    message: editorRequestText(request),
  });
  const text = encodeEditorRequest({ ...request, signature });
  const link =
    values.site === undefined
      ? text
      : new URL(`#/${chainId}/${round}/join/${text}`, values.site).href;
  answer(io, values, { request: link }, [
    "Give this to the owner of the round's list of projects; nothing in it is secret:",
    link,
  ]);
}

async function addEditor(io: Io, values: AddValues): Promise<void> {
  if ((values.editor === undefined) === (values.request === undefined))
    throw new NoEditorNamedError();
  const asked = values.request === undefined ? undefined : decodeEditorRequest(values.request);
  const session = await openRoundToSend(io, values);
  const { owner, editors, freezeTime } = await openToName(session);
  const { client, config, chainId, round, read } = session;
  const { registry } = config;
  const account = asked?.account ?? (values.editor as Address);
  if (asked !== undefined)
    await checkEditorRequest(read, asked, {
      ...{ round: { chainId, address: round }, registry },
      now: await chainTime(session),
    });
  if (isAddressEqual(account, owner)) throw new OwnerIsEditorError(owner);
  const already = among(editors, account);
  const goesOn =
    already ||
    (await review(io, values, {
      title: "Make an account an editor",
      pairs: [
        ["account", account],
        ...(asked === undefined
          ? []
          : [
              ["asked", time(asked.time)] as const,
              ["says of itself", asked.note === "" ? "nothing" : asked.note] as const,
            ]),
        ["may", `approve, add and delist projects until ${time(freezeTime)}`],
      ],
      forGood:
        "It can be removed until then; what it did stays. A signature does not show who holds an account: compare the address with the person.",
    }));
  if (!goesOn) return;
  if (!already) await setEditor(client, { registry, account, may: true });
  answer(io, values, { editor: account, already }, [
    already
      ? `${account} is an editor already.`
      : `${account} may approve, add and delist projects until the freeze.`,
  ]);
}

async function removeEditor(io: Io, values: RemoveValues): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { editors } = await openToName(session);
  const { editor } = values;
  const { registry } = session.config;
  const already = !among(editors, editor);
  if (!already) await setEditor(session.client, { registry, account: editor, may: false });
  answer(io, values, { editor, already }, [
    already
      ? `${editor} is no editor.`
      : `${editor} may change nothing any more. What it did stays: see \`tacit projects list\`.`,
  ]);
}

/** @throws NotOwnerError, ForeignRegistryError, NoEditorsError */
async function openToName(
  session: RoundSession & Pick<Awaited<ReturnType<typeof openRoundToSend>>, "client">,
): ReturnType<typeof openOwned> {
  const opened = await openOwned(session);
  if (!isAddressEqual(opened.owner, session.client.wallet.account.address))
    throw new NotOwnerError(opened.owner);
  return opened;
}
