import type { Address } from "viem";
import {
  CsvError,
  findColumn,
  findOptionalColumn,
  GroupError,
  parseTable,
  plainName,
  findChecker,
  readAddress,
  readAmount,
  readCommitment,
  type AddressReader,
  type AddressReading,
  type Table,
} from "../../../../../src/index.ts";
import { nameProblem, typedName } from "../../../chain/names.ts";
import { MOST_CREDITS } from "./people.ts";
import type { GroupDraft, ListDraft, ProjectDraft } from "./draft.ts";

/** Why a line cannot be taken. `text` is what stands there. */
export type LineProblem = {
  readonly line: number;
  readonly problem:
    | "noAddress"
    | "address"
    | "checksum"
    | "twice"
    | "credits"
    | "commitment"
    | "many"
    | "none"
    | "name"
    | "goal"
    | "link"
    | "long"
    | `name${"Form" | "Unknown" | "Outside" | "None" | "Silent"}`;
  readonly text: string;
};

/** What a file or a pasted text holds: all of it, or what is wrong and nothing of it. */
export type Reading<T> =
  /** `unread` are the columns that nothing was taken from. */
  | { readonly value: T; readonly lines: number; readonly unread?: readonly string[] }
  | { readonly problems: readonly LineProblem[] }
  /** It is no table at all. */
  | { readonly trouble: CsvError };

const ACCOUNT = {
  role: "account",
  names: ["account", "address", "wallet", "wallet_address", "payer"],
};
const CREDITS = { role: "credits", names: ["credits", "max_credits"] };

/** Accounts, one a line: a table with a header (account, and credits where they differ), or bare addresses. @param usual credits of who is given none */
export function readPeople(
  content: string,
  name: string,
  usual: bigint = MOST_CREDITS,
  readOne: AddressReader = readAddress,
): Reading<ListDraft> {
  return reading(content, (text) => {
    const bare = bareLines(text, isAddressLike);
    const { rows, unread } =
      bare === undefined
        ? tableRows(parseTable(text, name), usual)
        : { rows: bare, unread: undefined };
    const [problems, lines] = [[] as LineProblem[], new Map<Address, number>()];
    const names: Record<string, Address> = {};
    const entries = rows.flatMap(({ line, typed, credits = String(usual) }) => {
      const [read, number] = [readOne(typed), readAmount(credits, { decimals: 0 })];
      const at = { line, text: typed };
      if ("problem" in read) problems.push({ ...at, problem: addressProblem(typed, read) });
      else if ("problem" in number || number.units > MOST_CREDITS || number.units === 0n)
        problems.push({ line, text: credits, problem: "credits" });
      else if (lines.has(read.address)) problems.push({ ...at, problem: "twice" });
      else {
        lines.set(read.address, line);
        const called = typedName(typed);
        if (called !== undefined) names[called] = read.address;
        return [[read.address, String(number.units)] as const];
      }
      return [];
    });
    return {
      problems,
      value: { name, entries, ...(Object.keys(names).length === 0 ? {} : { names }) },
      lines: rows.length,
      ...(unread === undefined ? {} : { unread }),
    };
  });
}

type Row = { readonly line: number; readonly typed: string; readonly credits?: string };

/** Lines of nothing but one word each, where the first is of the kind that is looked for. */
function bareLines(text: string, isOne: (word: string) => boolean): readonly Row[] | undefined {
  const rows = text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ line: i + 1, typed: line.trim().replace(/[,;]$/, "") }))
    .filter(({ typed }) => typed !== "");
  return isOne(rows[0]?.typed ?? "") ? rows : undefined;
}

function isAddressLike(word: string): boolean {
  const read = readAddress(word);
  return (
    "address" in read ||
    read.problem === "checksum" ||
    // Else it is the head of a table.
    (read.problem === "name" && !/[,;|"]/.test(word))
  );
}

function addressProblem(
  typed: string,
  read: Extract<AddressReading, { readonly problem: string }>,
): LineProblem["problem"] {
  if (typed.trim() === "") return "noAddress";
  if (read.problem !== "name") return read.problem === "checksum" ? "checksum" : "address";
  const NAMED = {
    form: "nameForm",
    unknown: "nameUnknown",
    outside: "nameOutside",
    none: "nameNone",
    silent: "nameSilent",
  } as const;
  return NAMED[read.why === undefined ? "none" : nameProblem(read.why)];
}

const COMMITMENT = { role: "commitment", names: ["commitment", "identity_commitment"] };

/** A group's members: their commitments, one a line, bare or as a table; what a checker of this kind is made with follows from them. */
export async function readGroup(
  content: string,
  name: string,
  kind: string,
): Promise<Reading<GroupDraft>> {
  const listed = reading(content, (text) => {
    const rows = bareLines(text, (word) => readCommitment(word) !== undefined);
    const table = rows === undefined ? parseTable(text, name) : undefined;
    const at = table === undefined ? 0 : findColumn(table, COMMITMENT);
    const all =
      rows ??
      table?.lines.map(({ line, fields }) => ({ line, typed: (fields[at] as string).trim() })) ??
      [];
    const [problems, known] = [[] as LineProblem[], new Set<bigint>()];
    for (const { line, typed } of all) {
      const member = readCommitment(typed);
      if (member === undefined) problems.push({ line, text: typed, problem: "commitment" });
      else if (known.has(member)) problems.push({ line, text: typed, problem: "twice" });
      else known.add(member);
    }
    return { problems, value: [...known], lines: all.length };
  });
  if (!("value" in listed)) return listed;
  const { value: members, lines } = listed;
  try {
    const derived = (await findChecker(kind)?.fromMembers?.(members)) ?? {};
    const texts = Object.entries(derived).map(([key, one]) => [key, String(one)] as const);
    return {
      value: { name, members: members.map(String), derived: Object.fromEntries(texts) },
      lines,
    };
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    const text = String(members.length);
    return { problems: [{ line: lines, text, problem: members.length === 0 ? "none" : "many" }] };
  }
}

function tableRows(table: Table, usual: bigint) {
  const [account, credits] = [findColumn(table, ACCOUNT), findOptionalColumn(table, CREDITS)];
  const rows = table.lines.map(
    ({ line, fields }): Row => ({
      line,
      typed: fields[account] as string,
      credits: (credits === undefined ? "" : (fields[credits] as string)) || String(usual),
    }),
  );
  return { rows, unread: unreadIn(table, [account, credits]) };
}

/** The columns that nothing was taken from; those without a name hold nothing that anybody could miss by it. */
const unreadIn = ({ header }: Table, taken: readonly (number | undefined)[]): readonly string[] =>
  header.fields.filter((name, i) => name !== "" && !taken.includes(i));

const NAME = { role: "name", names: ["name", "project", "title", "project_name"] };
const RECIPIENT = {
  role: "recipient",
  names: [
    "recipient",
    "address",
    "payout_address",
    "payment_address",
    "account",
    "wallet",
    "wallet_address",
  ],
};
const DESCRIPTION = { role: "description", names: ["description", "summary"] };
const CATEGORY = { role: "category", names: ["category", "topic"] };
const GOALS = { role: "sdgs", names: ["sdgs", "sdg", "goals"] };
const LINK = { role: "url", names: ["url", "website", "link"] };

/** Options of a vote that pays nothing, one a line: bare names, or a table of projects without recipients. */
export function readOptions(content: string, name: string): Reading<readonly ProjectDraft[]> {
  return readProjects(content, name);
}

/** Projects, one a line: name and recipient, and what else the table has of them. */
export function readProjectTable(
  content: string,
  name: string,
  readOne: AddressReader = readAddress,
): Reading<readonly ProjectDraft[]> {
  return readProjects(content, name, readOne);
}

/** Lines of names get the header that they lack, quoted as a table has them. */
function withHeader(text: string): { readonly table: string; readonly added: number } {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  return NAME.names.some((one) =>
    new RegExp(`(^|[,;\\t|"])${one}($|[,;\\t|"])`, "i").test(lines[0] ?? ""),
  )
    ? { table: text, added: 0 }
    : {
        table: ["name", ...lines.map((one) => `"${one.trim().replaceAll('"', '""')}"`)].join("\n"),
        added: 1,
      };
}

function readProjects(
  content: string,
  name: string,
  /** None for who is paid nothing. */
  readOne?: AddressReader,
): Reading<readonly ProjectDraft[]> {
  const isPaid = readOne !== undefined;
  return reading(content, (typedText) => {
    const { table: text, added } = isPaid ? { table: typedText, added: 0 } : withHeader(typedText);
    const table = parseTable(text, name);
    const at = {
      name: findColumn(table, NAME),
      recipient: isPaid ? findColumn(table, RECIPIENT) : undefined,
    };
    const more = {
      description: findOptionalColumn(table, DESCRIPTION),
      category: findOptionalColumn(table, CATEGORY),
      goals: findOptionalColumn(table, GOALS),
      url: findOptionalColumn(table, LINK),
    };
    const [problems, names] = [[] as LineProblem[], new Set<string>()];
    const value = table.lines.flatMap(({ line: read, fields }): ProjectDraft[] => {
      const line = read - added;
      const typed = (column: number | undefined) =>
        column === undefined ? "" : (fields[column] ?? "");
      const project = {
        name: typed(at.name),
        description: typed(more.description),
        category: typed(more.category),
        url: typed(more.url),
        goals: typed(more.goals).match(/\d+/g)?.map(Number) ?? [],
      };
      const recipient = readOne?.(typed(at.recipient)) ?? ({ address: "" } as const);
      const called = isPaid ? typedName(typed(at.recipient)) : undefined;
      const problem = findProjectProblem(project, names);
      if ("problem" in recipient)
        problems.push({
          line,
          text: typed(at.recipient),
          problem: addressProblem(typed(at.recipient), recipient),
        });
      else if (problem !== undefined) problems.push({ line, ...problem });
      else {
        names.add(plainName(project.name));
        return [
          { ...project, recipient: recipient.address, ...(called === undefined ? {} : { called }) },
        ];
      }
      return [];
    });
    const unread = unreadIn(table, Object.values({ ...at, ...more }));
    return { problems, value, lines: table.lines.length, unread };
  });
}

function findProjectProblem(
  { name, description, category, url, goals }: Omit<ProjectDraft, "recipient">,
  names: ReadonlySet<string>,
): Omit<LineProblem, "line"> | undefined {
  if (name === "" || name.length > 100) return { text: name, problem: "name" };
  if (names.has(plainName(name))) return { text: name, problem: "twice" };
  if (description.length > 8_000) return { text: name, problem: "long" };
  if (category.length > 40) return { text: category, problem: "long" };
  if (url !== "" && !/^https:\/\/[^\s]{1,290}$/.test(url)) return { text: url, problem: "link" };
  if (goals.some((goal) => goal < 1 || goal > 17))
    return { text: goals.join(" "), problem: "goal" };
  return undefined;
}

function reading<T>(
  content: string,
  read: (text: string) => {
    readonly problems: readonly LineProblem[];
    readonly value: T;
    readonly lines: number;
    readonly unread?: readonly string[];
  },
): Reading<T> {
  try {
    const { problems, ...rest } = read(content);
    return problems.length > 0 ? { problems } : rest;
  } catch (error) {
    if (error instanceof CsvError) return { trouble: error };
    throw error;
  }
}
