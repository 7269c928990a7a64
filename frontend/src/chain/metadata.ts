import { plainText } from "../plain_text.ts";

/** What a project says about itself. `goals` are numbers of the UN's 17 Sustainable Development Goals; `topics` are free words. */
export type ProjectText = {
  readonly name: string;
  readonly summary: string;
  readonly goals: readonly number[];
  readonly topics: readonly string[];
  readonly url: string | undefined;
};

const DATA = /^data:application\/json(;charset=utf-8)?(;base64)?,(.*)$/is;
const MAX_TEXT = 2_000;
const MAX_NAME = 120;

/**
 * Reads a registry's `metadataURI`: JSON in a data: address, or a plain name. Other addresses are shown and never fetched: a request
 * would tell a third party who looks at what.
 */
export function readMetadata(uri: string): ProjectText {
  const plain = {
    name: plainText(uri, MAX_NAME),
    summary: "",
    goals: [],
    topics: [],
    url: undefined,
  };
  const match = DATA.exec(uri);
  if (match === null) return plain;
  try {
    const body =
      match[2] === undefined
        ? decodeURIComponent(match[3] as string)
        : new TextDecoder().decode(
            Uint8Array.from(atob(match[3] as string), (c) => c.charCodeAt(0)),
          );
    const { name, summary, goals, topics, url } = JSON.parse(body) as Record<string, unknown>;
    return {
      name: typeof name === "string" ? plainText(name, MAX_NAME) : "",
      summary: typeof summary === "string" ? plainText(summary, MAX_TEXT) : "",
      goals: Array.isArray(goals)
        ? goals.filter((goal): goal is number => Number.isInteger(goal) && goal >= 1 && goal <= 17)
        : [],
      topics: Array.isArray(topics)
        ? topics
            .filter((topic): topic is string => typeof topic === "string")
            .map((topic) => plainText(topic, 40))
            .slice(0, 6)
        : [],
      // Anything but a web address, a script above all, is left out.
      url:
        typeof url === "string" && /^https:\/\//.test(url) && URL.canParse(url) ? url : undefined,
    };
  } catch {
    return plain;
  }
}

export function writeMetadata({ name, summary, goals, topics, url }: ProjectText): string {
  return `data:application/json,${encodeURIComponent(JSON.stringify({ name, summary, goals, topics, ...(url === undefined ? {} : { url }) }))}`;
}
