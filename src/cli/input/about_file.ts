import { BaseError } from "../../errors.ts";
import {
  writeRoundDocument,
  type RoundAbout,
  type RoundDocument,
} from "../../metadata/documents.ts";
import { readText } from "./text_file.ts";

export class AboutFileError extends BaseError {
  constructor(file: string, problem: string) {
    super(`${file} does not describe a round: ${problem}.`, {
      fix: `It is a JSON object with name, and as you like description, rules, contentURI, image, alt, organiser (name, url, contact), period (from, to), categories, language and translations. Nothing was sent.`,
    });
  }
}

/** A round's document from `--name` or a file of `--about`; undefined without either. @throws AboutFileError, DocumentContentError, FileReadError */
export async function readAbout(
  { name, about }: { readonly name?: string; readonly about?: string },
  nonce: string,
): Promise<RoundDocument | undefined> {
  if (about === undefined)
    return name === undefined ? undefined : writeRoundDocument({ name }, nonce);
  let content: unknown;
  try {
    content = JSON.parse(await readText(about));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AboutFileError(about, `it is no JSON (${error.message})`);
    throw error;
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new AboutFileError(about, "it is no JSON object");
  if ("nonce" in content)
    throw new AboutFileError(about, "it has a nonce, which the command makes itself");
  return writeRoundDocument(
    { ...(content as RoundAbout), ...(name === undefined ? {} : { name }) },
    nonce,
  );
}
