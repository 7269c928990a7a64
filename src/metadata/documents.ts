import canonicalize from "canonicalize";
import * as v from "valibot";
import { BaseError } from "../errors.ts";
import { MAX_PROJECTS } from "../params.ts";
import { decodeDocument, encodeDocument } from "./canonical.ts";
import { readReference } from "./reference.ts";

/** Of every DAOIP-5 document. */
export const CONTEXT = "http://www.daostar.org/schemas";
/** Characters of a description at the most: about a page and a half. */
const LONGEST_TEXT = 8_000;
/** All of a match, in hundredths of a per cent. */
const WHOLE_BPS = 10_000;

/** What no text has: controls, halves of characters, and signs that turn the direction of writing for what comes after them (UAX #9). */
const HIDDEN = String.raw`\p{Cs}\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069`;
const LINES = new RegExp(`^[^${HIDDEN}]*$`, "u");
const ONE_LINE = new RegExp(String.raw`^[^\n\u2028\u2029${HIDDEN}]*$`, "u");

/** Text of several lines that people read. */
const lines = (most: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(most), v.regex(LINES));
const line = (most: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(most), v.regex(ONE_LINE));
/** Markdown without HTML. What a client does not know of it, it shows as it is written. */
const Text = lines(LONGEST_TEXT);
const Name = line(100);
/** An address of the web: nothing before the host that could be taken for it, nothing hidden. */
const Link = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(/^https:\/\/[\p{L}\p{M}\p{N}.-]+(:\d{1,5})?([/?#][^\p{C}\p{Z}\\]*)?$/u),
);
/** A picture by its content (META-5): `ipfs://` and a CID of version 1. Served by the site or its relay, never fetched from a project's own host. */
const Content = v.pipe(
  v.string(),
  v.check(
    (text) => readReference(text) !== undefined,
    "is no reference to a picture by its SHA-256",
  ),
);
const Language = v.pipe(v.string(), v.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/));
const Day = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/));
const isUnique = (list: readonly unknown[]): boolean => new Set(list).size === list.length;

/** Texts by language, ten at the most. */
const byLanguage = <T extends v.GenericSchema>(texts: T) =>
  v.pipe(
    v.record(Language, texts),
    v.check((all) => Object.keys(all).length <= 10, "has more than ten languages"),
  );
const ProjectTranslations = byLanguage(
  v.strictObject({ name: Name, description: v.exactOptional(Text) }),
);
const RoundTranslations = byLanguage(
  v.strictObject({
    name: Name,
    description: v.exactOptional(Text),
    rules: v.exactOptional(Text),
    questions: v.exactOptional(v.pipe(v.array(line(200)), v.maxLength(20))),
  }),
);
const Period = v.strictObject({ from: Day, to: Day });
/** A further link, with what it leads to. */
const Social = v.strictObject({ name: line(40), value: Link });

const Option = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_PROJECTS - 1));
/** A number as people write it: with its decimals, whole in units of the last of them. */
const MOST_DECIMALS = 9;
const Decimals = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_DECIMALS));

/** What voters are asked; projects are the options (VOTE-1). */
const Question = v.variant("kind", [
  v.strictObject({
    kind: v.literal("choice"),
    title: line(200),
    // Without them: all of the round's.
    options: v.exactOptional(
      v.pipe(
        v.array(Option),
        v.minLength(1),
        v.maxLength(1_000),
        v.check(
          (list) => list.every((option, i) => i === 0 || option > (list[i - 1] as number)),
          "has options that do not increase",
        ),
      ),
    ),
  }),
  v.pipe(
    v.strictObject({
      kind: v.literal("number"),
      title: line(200),
      option: Option,
      start: v.number(),
      step: v.pipe(v.number(), v.gtValue(0)),
      min: v.number(),
      max: v.number(),
      decimals: Decimals,
      unit: v.exactOptional(line(20)),
    }),
    v.check(
      ({ start, step, min, max, decimals }) =>
        [start, step, min, max].every((value) => toUnits(value, decimals) !== undefined),
      "has a number with more places than its decimals, or too large a one",
    ),
    v.check(({ start, min, max }) => min <= start && start <= max, "does not start within bounds"),
  ),
]);
const Questions = v.pipe(
  v.array(Question),
  v.minLength(1),
  v.maxLength(30),
  v.check((list) => {
    const named = list.flatMap((one) =>
      one.kind === "number" ? [one.option] : (one.options ?? []),
    );
    const isOfAll = list.some((one) => one.kind === "choice" && one.options === undefined);
    return isUnique(named) && (!isOfAll || list.length === 1);
  }, "asks about one option twice"),
);

/** A number in units of its last decimal, exactly; undefined if it has more places, or beyond 2^53. */
export function toUnits(value: number, decimals: number): bigint | undefined {
  const units = Math.round(value * 10 ** decimals);
  return Number.isSafeInteger(units) && Number(`${units}e-${decimals}`) === value
    ? BigInt(units)
    : undefined;
}

const Milestone = v.strictObject({
  title: line(120),
  due: v.exactOptional(Day),
  shareBps: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(WHOLE_BPS))),
});
const Milestones = v.pipe(
  v.array(Milestone),
  v.maxLength(20),
  v.check(
    (all) => all.reduce((sum, { shareBps = 0 }) => sum + shareBps, 0) <= WHOLE_BPS,
    "shares out more than the whole",
  ),
);
/** An answer to a question of the organiser's, with the question as it was asked. */
const Answer = v.strictObject({ question: line(200), answer: lines(2_000) });

/** A project's document (META-3): DAOIP-5's Project, with what is ours under `extensions`. */
const PROJECT = v.strictObject({
  "@context": v.literal(CONTEXT),
  type: v.literal("Project"),
  name: Name,
  description: v.exactOptional(Text),
  contentURI: v.exactOptional(Link),
  image: v.exactOptional(Content),
  socials: v.exactOptional(v.pipe(v.array(Social), v.maxLength(10))),
  licenseURI: v.exactOptional(Link),
  extensions: v.exactOptional(
    v.strictObject({
      "org.tacit": v.strictObject({
        alt: v.exactOptional(line(200)),
        category: v.exactOptional(line(40)),
        sdgs: v.exactOptional(
          v.pipe(
            v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(17))),
            v.check((goals) => isUnique(goals), "names a goal twice"),
          ),
        ),
        milestones: v.exactOptional(Milestones),
        period: v.exactOptional(Period),
        sroiMethod: v.exactOptional(Link),
        contact: v.exactOptional(line(200)),
        answers: v.exactOptional(v.pipe(v.array(Answer), v.maxLength(20))),
        // Of name and description; the others are under `translations`.
        language: v.exactOptional(Language),
        translations: v.exactOptional(ProjectTranslations),
      }),
    }),
  ),
});
export type ProjectDocument = v.InferOutput<typeof PROJECT>;

/** A round's document (META-4): DAOIP-5's GrantPool, with what is ours under `extensions`. */
const ROUND = v.strictObject({
  "@context": v.literal(CONTEXT),
  type: v.literal("GrantPool"),
  name: Name,
  description: v.exactOptional(Text),
  grantFundingMechanism: v.literal("Quadratic Funding"),
  contentURI: v.exactOptional(Link),
  image: v.exactOptional(Content),
  extensions: v.strictObject({
    "org.tacit": v.strictObject({
      // Tells apart rounds of the same words and settings: 16 bytes in hexadecimal.
      nonce: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
      alt: v.exactOptional(line(200)),
      organiser: v.exactOptional(
        v.strictObject({
          name: Name,
          url: v.exactOptional(Link),
          contact: v.exactOptional(line(200)),
        }),
      ),
      // Who may take part and what is expected, in words.
      rules: v.exactOptional(Text),
      // What voters are asked.
      vote: v.exactOptional(Questions),
      period: v.exactOptional(Period),
      categories: v.exactOptional(
        v.pipe(
          v.array(line(40)),
          v.maxLength(30),
          v.check((names) => isUnique(names), "names a category twice"),
        ),
      ),
      // What applicants are asked beside what every project tells.
      questions: v.exactOptional(
        v.pipe(
          v.array(line(200)),
          v.maxLength(20),
          v.check((asked) => isUnique(asked), "asks a question twice"),
        ),
      ),
      language: v.exactOptional(Language),
      translations: v.exactOptional(RoundTranslations),
    }),
  }),
});
export type RoundDocument = v.InferOutput<typeof ROUND>;

/** A document in which a field is missing, unknown or out of its range. */
export class DocumentContentError extends BaseError {
  constructor(what: string, problems: readonly string[]) {
    super(`This is not a ${what}'s document: ${problems.join("; ")}.`, {
      fix: "Mend the fields named. docs/guides/organiser.md lists them, with their lengths.",
    });
  }
}

/** Bytes of a round's document, to be published; their digest is the round's salt (META-4). @throws DocumentContentError, DocumentFormError */
export function encodeRoundDocument(document: RoundDocument): Uint8Array {
  return encodeDocument(check(ROUND, "round", document));
}

/** Bytes of a project's document. @throws DocumentContentError, DocumentFormError */
export function encodeProjectDocument(document: ProjectDocument): Uint8Array {
  return encodeDocument(check(PROJECT, "project", document));
}

/** Reads a round's document from bytes that anybody may have made. @throws DocumentContentError, DocumentFormError */
export function decodeRoundDocument(bytes: Uint8Array): RoundDocument {
  return check(ROUND, "round", decodeDocument(bytes));
}

/** Reads a project's document from bytes that anybody may have made. @throws DocumentContentError, DocumentFormError */
export function decodeProjectDocument(bytes: Uint8Array): ProjectDocument {
  return check(PROJECT, "project", decodeDocument(bytes));
}

/** What an organiser says about a round, without the form that it is published in. */
export type RoundAbout = Pick<RoundDocument, "name" | "description" | "contentURI" | "image"> &
  Omit<RoundDocument["extensions"]["org.tacit"], "nonce">;

/** What a project says about itself, likewise. */
export type ProjectAbout = Omit<ProjectDocument, "@context" | "type" | "extensions"> &
  NonNullable<ProjectDocument["extensions"]>["org.tacit"];

/** A round's document. `nonce`: 16 random bytes in hexadecimal, so that no two rounds have one document. @throws DocumentContentError */
export function writeRoundDocument(about: RoundAbout, nonce: string): RoundDocument {
  const { name, description, contentURI, image, ...ours } = about;
  const document = {
    "@context": CONTEXT,
    type: "GrantPool",
    ...withoutUndefined({ name, description, contentURI, image }),
    grantFundingMechanism: "Quadratic Funding",
    extensions: { "org.tacit": { ...withoutUndefined(ours), nonce } },
  };
  return check(ROUND, "round", document);
}

/** A project's document. @throws DocumentContentError */
export function writeProjectDocument(about: ProjectAbout): ProjectDocument {
  const { name, description, contentURI, image, socials, licenseURI, ...ours } = about;
  const ourOwn = withoutUndefined(ours);
  const document = {
    "@context": CONTEXT,
    type: "Project",
    ...withoutUndefined({ name, description, contentURI, image, socials, licenseURI }),
    ...(Object.keys(ourOwn).length === 0 ? {} : { extensions: { "org.tacit": ourOwn } }),
  };
  return check(PROJECT, "project", document);
}

const withoutUndefined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function check<T extends v.GenericSchema>(
  schema: T,
  what: string,
  value: unknown,
): v.InferOutput<T> {
  const { success, output, issues } = v.safeParse(schema, value);
  // Names that objects have by themselves (`__proto__`) are passed over by the check and by no reader of the bytes.
  if (success && canonicalize(output) === canonicalize(value)) return output;
  if (success) throw new DocumentContentError(what, ["a name in it is one that no field may have"]);
  const problems = issues.slice(0, 5).map((issue) => {
    const place = issue.path?.map(({ key }) => String(key)).join("/") ?? "";
    const said =
      issue.type === "regex" ? "has a form that this field does not take" : issue.message;
    return `${place === "" ? "the whole" : `/${place}`} ${said}`;
  });
  throw new DocumentContentError(what, problems);
}
