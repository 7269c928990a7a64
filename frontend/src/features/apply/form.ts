import { getAddress, type Address } from "viem";
import {
  encodeProjectDocument,
  readPicture,
  toReference,
  writeProjectDocument,
  type ProjectAbout,
} from "../../../../src/index.ts";
import { digestDocument } from "../../../../src/index.ts";
import { isTypedAddress } from "../../format.ts";

export type Milestone = { readonly title: string; readonly due: string; readonly share: string };

/** What an applicant has typed. */
export type Form = {
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly goals: readonly number[];
  readonly url: string;
  readonly contact: string;
  readonly recipient: string;
  readonly alt: string;
  readonly picture: Uint8Array<ArrayBuffer> | undefined;
  readonly milestones: readonly Milestone[];
  /** By the number of the organiser's question. */
  readonly answers: readonly string[];
};

export const EMPTY: Form = {
  name: "",
  description: "",
  category: "",
  goals: [],
  url: "",
  contact: "",
  recipient: "",
  alt: "",
  picture: undefined,
  milestones: [],
  answers: [],
};

export type FormProblem = "name" | "recipient" | "url" | "milestones" | "answers" | "long";

const filled = (text: string): string | undefined =>
  text.trim() === "" ? undefined : text.trim().replace(/\r\n?/g, "\n");

/** What is missing or wrong, the first of it; undefined where the form can be sent. */
export function findProblem(form: Form, questions: readonly string[]): FormProblem | undefined {
  if (form.name.trim() === "" || form.name.trim().length > 100) return "name";
  if (!isTypedAddress(form.recipient)) return "recipient";
  if (form.url.trim() !== "" && !/^https:\/\/[^\s@]+$/.test(form.url.trim())) return "url";
  const shares = form.milestones.map(({ share }) => readShare(share));
  if (
    form.milestones.some(({ title }) => title.trim() === "") ||
    shares.includes(undefined) ||
    shares.reduce<number>((sum, share) => sum + (share ?? 0), 0) > 10_000
  )
    return "milestones";
  if (questions.some((_, i) => (form.answers[i] ?? "").trim() === "")) return "answers";
  try {
    writeApplication(form, questions);
    return undefined;
  } catch {
    return "long";
  }
}

/** "33.5" per cent in hundredths of a per cent; 0 for nothing. */
function readShare(text: string): number | undefined {
  if (text.trim() === "") return 0;
  const [, whole, part = ""] = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.trim()) ?? [];
  return whole === undefined ? undefined : Number(whole) * 100 + Number(part.padEnd(2, "0"));
}

/** The project's document as it is published (META-3). @throws DocumentContentError, DocumentFormError */
export function writeApplication(form: Form, questions: readonly string[]): Uint8Array {
  const { picture, goals } = form;
  const about: { [K in keyof ProjectAbout]?: ProjectAbout[K] | undefined } = {
    name: form.name.trim(),
    description: filled(form.description),
    category: filled(form.category),
    sdgs: goals.length === 0 ? undefined : [...goals].sort((a, b) => a - b),
    contentURI: filled(form.url),
    contact: filled(form.contact),
    image: picture === undefined ? undefined : toReference(digestDocument(picture)),
    alt: picture === undefined ? undefined : filled(form.alt),
    milestones:
      form.milestones.length === 0
        ? undefined
        : form.milestones.map(({ title, due, share }) => ({
            title: title.trim(),
            ...(due === "" ? {} : { due }),
            ...(share.trim() === "" ? {} : { shareBps: readShare(share) ?? 0 }),
          })),
    answers:
      questions.length === 0
        ? undefined
        : questions.map((question, i) => ({
            question,
            answer: filled(form.answers[i] ?? "") ?? "–",
          })),
  };
  return encodeProjectDocument(
    writeProjectDocument(
      Object.fromEntries(
        Object.entries(about).filter(([, value]) => value !== undefined),
      ) as ProjectAbout,
    ),
  );
}

/** Who is paid, of a form without a problem: spaces around an address are no part of it. */
export const recipientOf = ({ recipient }: Form): Address => getAddress(recipient.trim());

/** A chosen file's bytes. @throws PictureError where it is no picture that a document may name */
export async function readChosen(file: File): Promise<Uint8Array<ArrayBuffer>> {
  // Of what is too large to be one not even the bytes are read.
  const bytes = new Uint8Array(await file.slice(0, 1 << 20).arrayBuffer());
  readPicture(bytes);
  return bytes;
}

/** Hands a picture to the site's relay, which takes what a published document names. Whether it was taken. */
export async function handInPicture(
  relay: string,
  picture: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    const name = digestDocument(picture).slice(2);
    const { ok } = await fetch(`${relay.replace(/\/$/, "")}/content/${name}`, {
      method: "PUT",
      credentials: "omit",
      headers: { "content-type": "application/octet-stream" },
      body: picture,
    });
    return ok;
  } catch {
    return false;
  }
}
