import * as v from "valibot";
import { BaseError } from "../errors.ts";
import { decodeDocument, encodeDocument } from "./canonical.ts";

const CONTEXT = "http://www.daostar.org/schemas";
/** Characters of a description at the most: about a page and a half. */
const LONGEST_TEXT = 8_000;

/** Text of several lines that people read; controls are no text. */
const Text = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(LONGEST_TEXT),
  v.regex(/^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]*$/),
);
const line = (most: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(most),
    v.regex(/^[^\u0000-\u001f\u007f-\u009f]*$/),
  );
const Name = line(100);
const Link = v.pipe(v.string(), v.maxLength(300), v.regex(/^https:\/\/[^\s\u0000-\u0020]+$/));
/** A file by its content: `ipfs://` and a CID of version 1. Served by the site, never fetched from a project's own host. */
const Content = v.pipe(v.string(), v.regex(/^ipfs:\/\/b[a-z2-7]{58}$/));
const Language = v.pipe(v.string(), v.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/));
const Day = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/));
const isUnique = (list: readonly unknown[]): boolean => new Set(list).size === list.length;

const Translation = v.strictObject({ name: Name, description: v.exactOptional(Text) });
const Translations = v.pipe(
  v.record(Language, Translation),
  v.check((all) => Object.keys(all).length <= 10, "has more than ten languages"),
);
const Period = v.strictObject({ from: Day, to: Day });
const Social = v.strictObject({ name: line(40), value: line(300) });

/** What is voted on where a project is an option of a vote. */
const Question = v.variant("kind", [
  v.strictObject({ kind: v.literal("choice") }),
  v.strictObject({
    kind: v.literal("number"),
    start: v.number(),
    step: v.pipe(v.number(), v.gtValue(0)),
    min: v.number(),
    max: v.number(),
    decimals: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9)),
  }),
]);

const Milestone = v.strictObject({
  title: line(120),
  due: v.exactOptional(Day),
  shareBps: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000))),
});

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
        milestones: v.exactOptional(v.pipe(v.array(Milestone), v.maxLength(20))),
        period: v.exactOptional(Period),
        sroiMethod: v.exactOptional(Link),
        question: v.exactOptional(Question),
        translations: v.exactOptional(Translations),
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
      period: v.exactOptional(Period),
      categories: v.exactOptional(
        v.pipe(
          v.array(line(40)),
          v.maxLength(30),
          v.check((names) => isUnique(names), "names a category twice"),
        ),
      ),
      language: v.exactOptional(Language),
      translations: v.exactOptional(Translations),
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
  if (success) return output;
  const problems = issues.slice(0, 5).map((issue) => {
    const place = issue.path?.map(({ key }) => String(key)).join("/") ?? "";
    const said =
      issue.type === "regex" ? "has a form that this field does not take" : issue.message;
    return `${place === "" ? "the whole" : `/${place}`} ${said}`;
  });
  throw new DocumentContentError(what, problems);
}
