import { BaseError } from "../../errors.ts";
import {
  writeRoundDocument,
  type RoundAbout,
  type RoundDocument,
} from "../../metadata/documents.ts";
import { readText } from "./text_file.ts";

const FIELDS = {
  "a round":
    "description, rules, contentURI, image, alt, organiser (name, url, contact), period (from, to), categories, questions, vote (kind, title, ...)",
  "a project":
    "description, contentURI, socials (name, value), alt, sdgs, category, milestones (title, due, shareBps), period (from, to), contact, answers (question, answer)",
} as const;

export class AboutFileError extends BaseError {
  constructor(file: string, problem: string, what: keyof typeof FIELDS = "a round") {
    super(`${file} does not describe ${what}: ${problem}.`, {
      fix: `It is a JSON object with name, and as you like ${FIELDS[what]}, language and translations. Nothing was sent.`,
    });
  }
}

/** A JSON object in a file. @throws AboutFileError, FileReadError */
export async function readObject(
  file: string,
  what: keyof typeof FIELDS,
): Promise<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(await readText(file));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AboutFileError(file, `it is no JSON (${error.message})`, what);
    throw error;
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new AboutFileError(file, "it is no JSON object", what);
  return content as Record<string, unknown>;
}

/** A round's document from `--name` or a file of `--about`; undefined without either. @throws AboutFileError, DocumentContentError, FileReadError */
export async function readAbout(
  { name, about }: { readonly name?: string; readonly about?: string },
  nonce: string,
): Promise<RoundDocument | undefined> {
  if (about === undefined)
    return name === undefined ? undefined : writeRoundDocument({ name }, nonce);
  const content = await readObject(about, "a round");
  if ("nonce" in content)
    throw new AboutFileError(about, "it has a nonce, which the command makes itself");
  return writeRoundDocument(
    { ...(content as RoundAbout), ...(name === undefined ? {} : { name }) },
    nonce,
  );
}
