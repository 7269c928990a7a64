// By name and not as one object: the page carries what is used of it.
import * as Type from "typebox";
import { Check, Errors } from "typebox/value";
import { BaseError } from "../errors.ts";
import { decodeDocument, encodeDocument } from "./canonical.ts";

const CONTEXT = "http://www.daostar.org/schemas";
/** Characters of a description at the most: about a page and a half. */
const LONGEST_TEXT = 8_000;

/** Text that people read: characters, not bytes; controls are no text. */
const text = (most: number) =>
  Type.String({
    minLength: 1,
    maxLength: most,
    pattern: "^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$",
  });
const Line = (most: number) =>
  Type.String({ minLength: 1, maxLength: most, pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$" });
const Name = Line(100);
const Link = Type.String({ maxLength: 300, pattern: "^https://[^\\s\\u0000-\\u0020]+$" });
/** A file by its content: `ipfs://` and a CID of version 1. Served by the site, never fetched from a project's own host. */
const Content = Type.String({ pattern: "^ipfs://b[a-z2-7]{58}$" });
const Language = Type.String({ pattern: "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$" });
const Day = Type.String({ pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$" });

const Translation = Type.Object(
  { name: Name, description: Type.Optional(text(LONGEST_TEXT)) },
  { additionalProperties: false },
);
const Translations = Type.Record(Language, Translation, { maxProperties: 10 });
const Period = Type.Object({ from: Day, to: Day }, { additionalProperties: false });
const Social = Type.Object({ name: Line(40), value: Line(300) }, { additionalProperties: false });

/** What is voted on where a project is an option of a vote. */
const Question = Type.Union([
  Type.Object({ kind: Type.Literal("choice") }, { additionalProperties: false }),
  Type.Object(
    {
      kind: Type.Literal("number"),
      start: Type.Number(),
      step: Type.Number({ exclusiveMinimum: 0 }),
      min: Type.Number(),
      max: Type.Number(),
      decimals: Type.Integer({ minimum: 0, maximum: 9 }),
    },
    { additionalProperties: false },
  ),
]);

const Milestone = Type.Object(
  {
    title: Line(120),
    due: Type.Optional(Day),
    shareBps: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  },
  { additionalProperties: false },
);

/** A project's document (META-3): DAOIP-5's Project, with what is ours under `extensions`. */
export const ProjectDocument = Type.Object(
  {
    "@context": Type.Literal(CONTEXT),
    type: Type.Literal("Project"),
    name: Name,
    description: Type.Optional(text(LONGEST_TEXT)),
    contentURI: Type.Optional(Link),
    image: Type.Optional(Content),
    socials: Type.Optional(Type.Array(Social, { maxItems: 10 })),
    licenseURI: Type.Optional(Link),
    extensions: Type.Optional(
      Type.Object(
        {
          "org.tacit": Type.Object(
            {
              alt: Type.Optional(Line(200)),
              category: Type.Optional(Line(40)),
              sdgs: Type.Optional(
                Type.Array(Type.Integer({ minimum: 1, maximum: 17 }), {
                  maxItems: 17,
                  uniqueItems: true,
                }),
              ),
              milestones: Type.Optional(Type.Array(Milestone, { maxItems: 20 })),
              period: Type.Optional(Period),
              sroiMethod: Type.Optional(Link),
              question: Type.Optional(Question),
              translations: Type.Optional(Translations),
            },
            { additionalProperties: false },
          ),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type ProjectDocument = Type.Static<typeof ProjectDocument>;

/** A round's document (META-4): DAOIP-5's GrantPool, with what is ours under `extensions`. */
export const RoundDocument = Type.Object(
  {
    "@context": Type.Literal(CONTEXT),
    type: Type.Literal("GrantPool"),
    name: Name,
    description: Type.Optional(text(LONGEST_TEXT)),
    grantFundingMechanism: Type.Literal("Quadratic Funding"),
    contentURI: Type.Optional(Link),
    image: Type.Optional(Content),
    extensions: Type.Object(
      {
        "org.tacit": Type.Object(
          {
            /** Tells apart rounds of the same words and settings: 16 bytes in hexadecimal. */
            nonce: Type.String({ pattern: "^[0-9a-f]{32}$" }),
            alt: Type.Optional(Line(200)),
            organiser: Type.Optional(
              Type.Object(
                { name: Name, url: Type.Optional(Link), contact: Type.Optional(Line(200)) },
                { additionalProperties: false },
              ),
            ),
            /** Who may take part and what is expected, in words. */
            rules: Type.Optional(text(LONGEST_TEXT)),
            period: Type.Optional(Period),
            categories: Type.Optional(Type.Array(Line(40), { maxItems: 30, uniqueItems: true })),
            language: Type.Optional(Language),
            translations: Type.Optional(Translations),
          },
          { additionalProperties: false },
        ),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type RoundDocument = Type.Static<typeof RoundDocument>;

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
  return encodeDocument(check(RoundDocument, "round", document));
}

/** Bytes of a project's document. @throws DocumentContentError, DocumentFormError */
export function encodeProjectDocument(document: ProjectDocument): Uint8Array {
  return encodeDocument(check(ProjectDocument, "project", document));
}

/** Reads a round's document from bytes that anybody may have made. @throws DocumentContentError, DocumentFormError */
export function decodeRoundDocument(bytes: Uint8Array): RoundDocument {
  return check(RoundDocument, "round", decodeDocument(bytes));
}

/** Reads a project's document from bytes that anybody may have made. @throws DocumentContentError, DocumentFormError */
export function decodeProjectDocument(bytes: Uint8Array): ProjectDocument {
  return check(ProjectDocument, "project", decodeDocument(bytes));
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
  return check(RoundDocument, "round", document);
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
  return check(ProjectDocument, "project", document);
}

const withoutUndefined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function check<T extends Type.TSchema>(schema: T, what: string, value: unknown): Type.Static<T> {
  if (!Check(schema, value)) {
    const problems = [...Errors(schema, value)]
      .slice(0, 5)
      .map(({ keyword, instancePath, message }) => {
        const said = keyword === "pattern" ? "has a form that this field does not take" : message;
        return `${instancePath || "the whole"} ${said}`;
      });
    throw new DocumentContentError(what, problems);
  }
  return value;
}
