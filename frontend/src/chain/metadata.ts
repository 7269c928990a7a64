import { plainText, type ProjectDocument, type RoundDocument } from "../../../src/index.ts";
import { currentLanguage } from "../i18n/index.ts";
import { firstWords, plainMarkdown } from "../markdown.ts";

/** What a project says about itself, in the visitor's language where it has it. `goals` are of the UN's 17 Sustainable Development Goals. */
export type ProjectText = {
  readonly name: string;
  /** The beginning of the description, without its Markdown. */
  readonly summary: string;
  /** Markdown. */
  readonly description: string;
  readonly goals: readonly number[];
  readonly topics: readonly string[];
  /** By its digest (META-5), with what the project says of it. */
  readonly picture: { readonly image: string; readonly alt: string } | undefined;
  readonly url: string | undefined;
  readonly contact: string;
  /** What the organiser asked of applicants, and what this one said; several lines, plain. */
  readonly answers: readonly { readonly question: string; readonly answer: string }[];
  readonly links: readonly { readonly name: string; readonly url: string }[];
  readonly milestones: readonly {
    readonly title: string;
    /** "2027-03-01". */
    readonly due: string | undefined;
    /** Hundredths of a per cent of what the project is paid. */
    readonly shareBps: number | undefined;
  }[];
};

const [MAX_NAME, MAX_LABEL, MAX_LINE, MAX_SUMMARY] = [120, 40, 200, 400];

type Described = { readonly name: string; readonly document: ProjectDocument | undefined };

export function describeProject({ name, document }: Described): ProjectText {
  const ours = document?.extensions?.["org.tacit"];
  const own = ours?.translations?.[currentLanguage()];
  const description = plainMarkdown(own?.description ?? document?.description ?? "");
  return {
    name: plainText(own?.name ?? name, MAX_NAME),
    summary: firstWords(description, MAX_SUMMARY),
    description,
    goals: ours?.sdgs ?? [],
    topics: ours?.category === undefined ? [] : [plainText(ours.category, MAX_LABEL)],
    picture:
      document?.image === undefined
        ? undefined
        : { image: document.image, alt: plainText(ours?.alt ?? "", MAX_LINE) },
    url: webAddress(document?.contentURI),
    contact: plainText(ours?.contact ?? "", MAX_LINE),
    answers: (ours?.answers ?? []).map(({ question, answer }) => ({
      question: plainText(question, MAX_LINE),
      answer: plainMarkdown(answer),
    })),
    links: (document?.socials ?? []).flatMap(({ name, value }) => {
      const url = webAddress(value);
      return url === undefined ? [] : [{ name: plainText(name, MAX_LABEL), url }];
    }),
    milestones: (ours?.milestones ?? []).map(({ title, due, shareBps }) => ({
      title: plainText(title, MAX_NAME),
      due,
      shareBps,
    })),
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
    description: plainMarkdown(own?.description ?? document.description ?? ""),
    rules: plainMarkdown(ours.rules ?? ""),
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

/** A link that may be followed: of a web page that is asked for in secret, or none. */
const webAddress = (link: string | undefined): string | undefined =>
  link !== undefined && link.startsWith("https://") && URL.canParse(link) ? link : undefined;
