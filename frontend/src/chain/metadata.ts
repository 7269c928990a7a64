import type { ProjectDocument, RoundDocument } from "../../../src/index.ts";
import { currentLanguage } from "../i18n/index.ts";
import { plainText } from "../plain_text.ts";

/** What a project says about itself, in the visitor's language where it has it. `goals` are of the UN's 17 Sustainable Development Goals. */
export type ProjectText = {
  readonly name: string;
  readonly summary: string;
  readonly goals: readonly number[];
  readonly topics: readonly string[];
  readonly url: string | undefined;
};

const [MAX_NAME, MAX_LABEL, MAX_TEXT] = [120, 40, 8_000];

type Described = { readonly name: string; readonly document: ProjectDocument | undefined };

export function describeProject({ name, document }: Described): ProjectText {
  const ours = document?.extensions?.["org.tacit"];
  const own = ours?.translations?.[currentLanguage()];
  return {
    name: plainText(own?.name ?? name, MAX_NAME),
    summary: plainLines(own?.description ?? document?.description ?? ""),
    goals: ours?.sdgs ?? [],
    topics: ours?.category === undefined ? [] : [plainText(ours.category, MAX_LABEL)],
    url: webAddress(document?.contentURI),
  };
}

/** What a round says about itself. */
export type RoundText = {
  readonly name: string;
  readonly description: string;
  readonly rules: string;
  readonly url: string | undefined;
  readonly organiser:
    | { readonly name: string; readonly url: string | undefined; readonly contact: string }
    | undefined;
};

export function describeRound(document: RoundDocument): RoundText {
  const ours = document.extensions["org.tacit"];
  const own = ours.translations?.[currentLanguage()];
  const { organiser } = ours;
  return {
    name: plainText(own?.name ?? document.name, MAX_NAME),
    description: plainLines(own?.description ?? document.description ?? ""),
    rules: plainLines(ours.rules ?? ""),
    url: webAddress(document.contentURI),
    organiser:
      organiser === undefined
        ? undefined
        : {
            name: plainText(organiser.name, MAX_NAME),
            url: webAddress(organiser.url),
            contact: plainText(organiser.contact ?? "", MAX_NAME),
          },
  };
}

/** A text of several lines, each without what makes it look like another's. */
const plainLines = (text: string): string =>
  text
    .split("\n")
    .map((line) => plainText(line, MAX_TEXT))
    .join("\n")
    .trim();

const webAddress = (link: string | undefined): string | undefined =>
  link !== undefined && URL.canParse(link) ? link : undefined;
