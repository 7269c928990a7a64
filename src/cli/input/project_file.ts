import path from "node:path";
import { zeroAddress, type Address, type Hex } from "viem";
import { BaseError } from "../../errors.ts";
import {
  encodeProjectDocument,
  writeProjectDocument,
  type ProjectAbout,
} from "../../metadata/documents.ts";
import { digestDocument, toReference } from "../../metadata/reference.ts";
import { readAddress, type AddressReader } from "../../readers/address.ts";
import { decodeText } from "../../readers/bytes.ts";
import { CsvError } from "../../readers/csv_error.ts";
import {
  findColumn,
  findOptionalColumn,
  parseTable,
  type ColumnRole,
  type Table,
} from "../../readers/table.ts";
import { cutText, hiddenIn, plainName, visibleText } from "../../readers/text.ts";
import { count } from "../output/output.ts";
import { requireNewName, requireProjectCount, twinsIn } from "./donations.ts";
import { addressProblem } from "./options.ts";
import { readPictureFile, type PictureFile } from "./picture_file.ts";
import type { TableValues } from "./table_file.ts";
import { readBytes } from "./text_file.ts";

/** What a registry is given of a project: where it is paid, and its name or its document's reference (META-2). */
export type ProjectLine = {
  readonly recipient: Address;
  readonly metadataURI: string;
  /** Its document, to be published; undefined for a bare name. */
  readonly document: { readonly digest: Hex; readonly bytes: Uint8Array } | undefined;
  readonly sdgs: readonly number[];
};

export type ProjectFile = {
  readonly lines: readonly ProjectLine[];
  /** Each once. */
  readonly pictures: readonly PictureFile[];
  /** What became of the file, for whoever gave it. */
  readonly told: readonly string[];
};

export class ProjectNameError extends BaseError {
  constructor(name: string, why: string) {
    super(`"${visibleText(name, 60)}" cannot be a project's name: ${why}.`, {
      fix: "Nothing was sent. Type the name anew, in one line and without hidden characters.",
    });
  }
}

class ProjectFieldError extends BaseError {
  constructor(problem: string, fix: string) {
    super(`${problem}.`, { fix: `${fix} Nothing was sent.` });
  }
}

/** What the page shows of a name. */
export const NAME_LENGTH = 120;

const NAME: ColumnRole = { role: "name", names: ["name", "project", "project_name", "title"] };
const RECIPIENT: ColumnRole = {
  role: "recipient",
  names: ["recipient", "address", "payout_address", "wallet"],
};
/** Columns that make a document. An address for letters is taken only where `--map contact=...` says so: it stands on the chain for good. */
const OPTIONAL: readonly ColumnRole[] = [
  { role: "description", names: ["description", "summary", "about"] },
  { role: "category", names: ["category", "topic"] },
  { role: "sdgs", names: ["sdgs", "sdg", "goals"] },
  { role: "website", names: ["website", "url", "link", "content_uri"] },
  { role: "picture", names: ["picture", "image", "picture_file", "image_file"] },
  { role: "alt", names: ["alt", "alt_text", "picture_alt"] },
  { role: "contact", names: ["contact"] },
  { role: "license", names: ["license", "licence", "license_uri"] },
  { role: "language", names: ["language", "lang"] },
];
/** The roles that `--map` knows. */
export const PROJECT_ROLES: readonly string[] = [NAME, RECIPIENT, ...OPTIONAL].map(
  ({ role }) => role,
);
/** `name_ja`, `description_zh-Hant`. */
const TRANSLATED = /^(name|description)[ _:]([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$/;

/** A line as it was written, before anything is checked. */
type Written = {
  readonly line: number;
  readonly name: string;
  readonly recipient: string;
  readonly picture: string | undefined;
  readonly about: Omit<ProjectAbout, "name">;
};

/**
 * Projects with their documents and pictures from a table, or from JSON of one object a line (`.jsonl`, `.ndjson`); all of it is checked
 * before anything is sent. Pictures are files beside it, or in `pictures`.
 * @throws CsvError with the line, FileReadError, FileEncodingError
 */
export async function readProjectFile(
  file: string,
  values: TableValues & { readonly pictures?: string },
  readOne: AddressReader = readAddress,
): Promise<ProjectFile> {
  const text = decodeText(await readBytes(file), file, values.encoding);
  const { written, told } = /\.(jsonl|ndjson)$/i.test(file)
    ? readJsonLines(text, file)
    : readColumns(parseTable(text, file, values), values.map);
  requireProjectCount(file, written.length);
  const folder = values.pictures ?? path.dirname(file);
  const pictures = new Map<string, PictureFile>();
  const lines: ProjectLine[] = [];
  const seen = new Map<string, number>();
  for (const one of written) {
    try {
      const picture =
        one.picture === undefined
          ? undefined
          : await readPictureFile(path.join(folder, one.picture));
      if (picture !== undefined) pictures.set(picture.digest, picture);
      requireNewName(file, one.line, projectName(one.name), seen);
      lines.push(toProjectLine(one, picture, readOne));
    } catch (error) {
      if (error instanceof CsvError || !(error instanceof BaseError)) throw error;
      throw new CsvError(file, one.line, error.shortMessage.replace(/\.$/, ""), error.fix);
    }
  }
  const documents = lines.filter(({ document }) => document !== undefined).length;
  return {
    lines,
    pictures: [...pictures.values()],
    told: [
      `Read ${file}: ${count(lines.length)} projects, ${count(documents)} with a document, ${count(pictures.size)} pictures.`,
      ...told,
      ...twinsIn("project", seen.keys()),
    ],
  };
}

/** A project as a registry takes it; of nothing but a name no document is made. @throws DocumentContentError, DocumentFormError, ProjectNameError */
export function toProjectLine(
  { name, recipient, about }: Pick<Written, "name" | "recipient" | "about">,
  picture: PictureFile | undefined,
  readOne: AddressReader = readAddress,
): ProjectLine {
  const paid = payoutAddress(recipient, readOne);
  const image = picture === undefined ? {} : { image: toReference(picture.digest) };
  const told = { ...about, ...image };
  if (Object.keys(told).length === 0)
    return { recipient: paid, metadataURI: projectName(name), document: undefined, sdgs: [] };
  const bytes = encodeProjectDocument(writeProjectDocument({ ...told, name: projectName(name) }));
  const digest = digestDocument(bytes);
  return {
    recipient: paid,
    metadataURI: toReference(digest),
    document: { digest, bytes },
    sdgs: about.sdgs ?? [],
  };
}

function readColumns(
  table: Table,
  map: TableValues["map"],
): { readonly written: readonly Written[]; readonly told: readonly string[] } {
  const { header, lines, blank, comments } = table;
  const [nameAt, recipientAt] = [findColumn(table, NAME, map), findColumn(table, RECIPIENT, map)];
  const places = new Map(
    OPTIONAL.flatMap((role) => {
      const at = findOptionalColumn(table, role, map);
      return at === undefined ? [] : [[role.role, at] as const];
    }),
  );
  const translated = header.fields.flatMap((field, at) => {
    const [, what, language] = TRANSLATED.exec(field) ?? [];
    return what === undefined || language === undefined ? [] : [{ what, language, at }];
  });
  const used = new Set([
    nameAt,
    recipientAt,
    ...places.values(),
    ...translated.map(({ at }) => at),
  ]);
  const unused = header.fields.filter((_, at) => !used.has(at));
  const written = lines.map(({ line, fields }): Written => {
    const at = (role: string): string | undefined => {
      const place = places.get(role);
      const text = place === undefined ? "" : (fields[place] ?? "").trim();
      return text === "" ? undefined : text.replace(/\r\n?/g, "\n");
    };
    const sdgs = at("sdgs");
    const languages = [...new Set(translated.map(({ language }) => language))];
    const translations = Object.fromEntries(
      languages.flatMap((language) => {
        const own = translated.filter((one) => one.language === language);
        const texts = own.flatMap(({ what, at: place }) => {
          const text = (fields[place] ?? "").trim();
          return text === "" ? [] : [[what, text] as const];
        });
        return texts.length === 0 ? [] : [[language, Object.fromEntries(texts)] as const];
      }),
    );
    return {
      line,
      name: fields[nameAt] as string,
      recipient: fields[recipientAt] as string,
      picture: at("picture"),
      about: withoutUndefined({
        description: at("description"),
        category: at("category"),
        sdgs: sdgs === undefined ? undefined : readGoals(table.file, line, sdgs),
        contentURI: at("website"),
        alt: at("alt"),
        contact: at("contact"),
        licenseURI: at("license"),
        language: at("language"),
        translations:
          Object.keys(translations).length === 0
            ? undefined
            : (translations as ProjectAbout["translations"]),
      }),
    };
  });
  const left = [
    ...(unused.length === 0
      ? []
      : [
          `Left out: the columns ${unused.map((name) => `"${visibleText(name, 40)}"`).join(", ")}.`,
        ]),
    ...(blank === 0 ? [] : [`${count(blank)} empty lines.`]),
    ...(comments === 0 ? [] : [`${count(comments)} comments.`]),
  ];
  return { written, told: left };
}

/** "3, 11" or "3;11" or "SDG 3". @throws CsvError */
function readGoals(file: string, line: number, text: string): number[] {
  const goals = text.split(/[\s,;/|]+/).flatMap((part) => {
    const digits = /^(?:sdg|goal|#)*0*(\d{0,2})$/i.exec(part)?.[1];
    if (digits === undefined)
      throw new CsvError(
        file,
        line,
        `"${visibleText(text, 40)}" are not numbers of goals, 1 to 17`,
      );
    return digits === "" ? [] : [Number(digits)];
  });
  return [...new Set(goals)];
}

function readJsonLines(
  text: string,
  file: string,
): { readonly written: readonly Written[]; readonly told: readonly string[] } {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/)
    .map((content, i) => ({ content, line: i + 1 }));
  const filled = lines.filter(({ content }) => content.trim() !== "");
  const written = filled.map(({ content, line }) => {
    const fields = parseObject(content, file, line);
    const { name, recipient, picture, ...about } = fields;
    for (const [field, value] of Object.entries({ name, recipient, picture: picture ?? "" }))
      if (typeof value !== "string") throw new CsvError(file, line, `it has no text as ${field}`);
    return {
      line,
      name: name as string,
      recipient: recipient as string,
      picture: picture as string | undefined,
      about: about as Omit<ProjectAbout, "name">,
    };
  });
  return { written, told: [] };
}

function parseObject(text: string, file: string, line: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CsvError(file, line, `it is no JSON (${(error as Error).message})`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CsvError(file, line, "it is no JSON object");
  return value as Record<string, unknown>;
}

/** @throws ProjectFieldError */
function payoutAddress(text: string, readOne: AddressReader): Address {
  const reading = readOne(text);
  if ("problem" in reading && reading.problem === "name" && reading.why !== undefined)
    throw new ProjectFieldError(reading.why.shortMessage.replace(/\.$/, ""), reading.why.fix ?? "");
  const why =
    "problem" in reading
      ? addressProblem(reading.problem)
      : reading.address === zeroAddress
        ? "money sent there is lost"
        : undefined;
  if (why !== undefined)
    throw new ProjectFieldError(
      `"${visibleText(text)}" is not a payout address: ${why}`,
      "Write 0x and 40 hexadecimal digits.",
    );
  return (reading as { readonly address: Address }).address;
}

/** A name as it is kept. @throws ProjectNameError */
export function projectName(text: string): string {
  const name = plainName(text);
  const [hidden] = hiddenIn(name);
  if (name === "") throw new ProjectNameError(text, "it is empty");
  if (hidden !== undefined)
    throw new ProjectNameError(name, `it has the hidden character ${visibleText(hidden.char)}`);
  if (cutText(name, NAME_LENGTH) !== name)
    throw new ProjectNameError(name, `it has more than ${NAME_LENGTH} letters`);
  return name;
}

const withoutUndefined = <T extends object>(
  fields: T,
): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
