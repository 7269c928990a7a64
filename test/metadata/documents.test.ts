import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { keccak256 } from "viem";
import {
  decodeDocument,
  DocumentFormError,
  encodeDocument,
  MOST_BYTES,
} from "../../src/metadata/canonical.ts";
import {
  decodeProjectDocument,
  decodeRoundDocument,
  DocumentContentError,
  encodeProjectDocument,
  encodeRoundDocument,
  writeProjectDocument,
  writeRoundDocument,
  type ProjectDocument,
  type RoundDocument,
} from "../../src/metadata/documents.ts";
import { digestDocument, readReference, toReference } from "../../src/metadata/reference.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const ROUND: RoundDocument = {
  "@context": "http://www.daostar.org/schemas",
  type: "GrantPool",
  name: "Gardens of the Old Town",
  description: "Green places that everybody may use.\n\nFirst year.",
  grantFundingMechanism: "Quadratic Funding",
  extensions: {
    "org.tacit": {
      nonce: "00112233445566778899aabbccddeeff",
      organiser: { name: "City of Example", url: "https://city.example" },
      language: "en",
      questions: ["Who keeps the place?"],
      translations: {
        ja: { name: "旧市街の庭", rules: "一世帯に一つ。", questions: ["誰が世話をしますか"] },
      },
    },
  },
};
const PROJECT: ProjectDocument = {
  "@context": "http://www.daostar.org/schemas",
  type: "Project",
  name: "Beehives on the library's roof",
  description: "Six hives.\n\n- **honey** for all\n- [more](https://library.example/bees)",
  image: "ipfs://bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq",
  socials: [{ name: "Forum", value: "https://forum.example/t/12?page=2#last" }],
  contentURI: "https://図書館.example:8443/蜂",
  extensions: {
    "org.tacit": {
      sdgs: [11, 15],
      category: "Nature",
      milestones: [{ title: "First honey", due: "2027-08-01", shareBps: 5_000 }],
      contact: "bees@library.example",
      answers: [{ question: "Who keeps the place?", answer: "Two librarians.\nAnd a beekeeper." }],
      language: "en",
      translations: { "zh-Hant": { name: "圖書館屋頂的蜂箱", description: "**蜂蜜**" } },
    },
  },
};

describe("META-1 a document's bytes", () => {
  test("are the canonical form (RFC 8785), whatever the order in which it was written", () => {
    expect(new TextDecoder().decode(encodeDocument({ b: [1e30, 0.1, -0], a: "é\n" }))).toBe(
      '{"a":"é\\n","b":[1e+30,0.1,0]}',
    );
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const encoded = encodeDocument(value);
        expect(encodeDocument(decodeDocument(encoded))).toEqual(encoded);
      }),
    );
  });

  test.each([
    ["a key twice", bytes('{"a":1,"a":1}')],
    ["keys in another order", bytes('{"b":1,"a":1}')],
    ["blanks", bytes('{"a": 1}')],
    ["a byte order mark", new Uint8Array([0xef, 0xbb, 0xbf, ...bytes("{}")])],
    ["a number in another spelling", bytes('{"a":1.0}')],
    ["an escape where none is needed", bytes('{"a":"\\u0041"}')],
    ["half a pair of surrogates", bytes('{"a":"\\ud800"}')],
    ["broken UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
    ["no bytes", new Uint8Array()],
    ["no JSON", bytes("<html>")],
    ["one byte too many", bytes(`"${"a".repeat(MOST_BYTES - 1)}"`)],
    ["values that lie deep in one another", bytes(`${"[".repeat(5_000)}${"]".repeat(5_000)}`)],
  ])("with %s are refused", (_, document) => {
    expect(() => decodeDocument(document)).toThrow(DocumentFormError);
  });

  test("may be as many as the board takes, and no more", () => {
    expect(encodeDocument("a".repeat(MOST_BYTES - 2))).toHaveLength(MOST_BYTES);
    expect(() => encodeDocument("a".repeat(MOST_BYTES - 1))).toThrow(DocumentFormError);
    expect(() => encodeDocument(undefined)).toThrow(DocumentFormError);
    expect(() => encodeDocument("\ud800")).toThrow(DocumentFormError);
  });
});

describe("META-2 a reference", () => {
  const digest = digestDocument(bytes("hello"));

  test("is the CID that other software computes", () => {
    expect(toReference(digest)).toBe(
      "ipfs://bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq",
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 32 }), (some) => {
        expect(readReference(toReference(keccak256(some)))).toBe(keccak256(some));
      }),
    );
  });

  test.each([
    ["a bare name", "Beehives"],
    ["another spelling of the same digest", toReference(digest).replace(/q$/, "r")],
    ["capitals", toReference(digest).toUpperCase()],
    ["a path behind it", `${toReference(digest)}/x`],
    ["another codec", "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"],
    [
      "a web address",
      "https://example.org/bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq",
    ],
    ["nothing", ""],
  ])("is not %s", (_, text) => {
    expect(readReference(text)).toBeUndefined();
  });
});

describe("META-3 META-4 what a document may say", () => {
  test("is read back as it was written", () => {
    expect(decodeRoundDocument(encodeRoundDocument(ROUND))).toEqual(ROUND);
    expect(decodeProjectDocument(encodeProjectDocument(PROJECT))).toEqual(PROJECT);
  });

  const withExtension = (extension: object) => ({
    ...PROJECT,
    extensions: { "org.tacit": extension },
  });
  test.each([
    ["a round", ROUND],
    ["no name", { ...PROJECT, name: "" }],
    ["a name of two lines", { ...PROJECT, name: "a\nb" }],
    ["a name of 101 characters", { ...PROJECT, name: "a".repeat(101) }],
    ["a control in the description", { ...PROJECT, description: "a\u0007" }],
    ["a link that is not https", { ...PROJECT, contentURI: "http://example.org" }],
    ["a script as link", { ...PROJECT, contentURI: "javascript:alert(1)" }],
    [
      "a name before a link's host",
      { ...PROJECT, contentURI: "https://bank.example@evil.example/" },
    ],
    ["a link with a backslash", { ...PROJECT, contentURI: "https://bank.example\\@evil.example/" }],
    ["a link that hides something", { ...PROJECT, contentURI: "https://a.example/\u202etxt" }],
    ["a link without host", { ...PROJECT, contentURI: "https:///a" }],
    [
      "a script as further link",
      { ...PROJECT, socials: [{ name: "a", value: "javascript:alert(1)" }] },
    ],
    ["a name that turns the direction of writing", { ...PROJECT, name: "Bee\u202egnp" }],
    ["a description that does so", { ...PROJECT, description: "a\u2066b" }],
    ["a name of two lines to some", { ...PROJECT, name: "a\u2028b" }],
    ["a picture by no digest", { ...PROJECT, image: `ipfs://b${"a".repeat(58)}` }],
    ["a picture from a host", { ...PROJECT, image: "https://example.org/a.png" }],
    ["an unknown field", { ...PROJECT, html: "<b>" }],
    ["goal 18", withExtension({ sdgs: [18] })],
    ["an unknown field in a milestone", withExtension({ milestones: [{ title: "a", html: "b" }] })],
    ["a goal twice", withExtension({ sdgs: [1, 1] })],
    [
      "shares above the whole together",
      withExtension({
        milestones: [
          { title: "a", shareBps: 5_000 },
          { title: "b", shareBps: 5_001 },
        ],
      }),
    ],
    [
      "eleven languages",
      withExtension({
        translations: Object.fromEntries([..."abcdefghijk"].map((x) => [`a${x}`, { name: "a" }])),
      }),
    ],
    ["rules of its own", withExtension({ translations: { ja: { name: "a", rules: "b" } } })],
    ["an answer to nothing", withExtension({ answers: [{ answer: "b" }] })],
    ["a share above the whole", withExtension({ milestones: [{ title: "a", shareBps: 10_001 }] })],
    [
      "a day that no calendar has",
      withExtension({ milestones: [{ title: "a", due: "2027-13-01" }] }),
    ],
    ["a question, which is its round's", withExtension({ questions: [{ kind: "choice" }] })],
    ["text", "hello"],
    ["null", null],
  ])("not as a project: %s", (_, document) => {
    expect(() => decodeProjectDocument(encodeDocument(document))).toThrow(DocumentContentError);
  });

  test.each(["__proto__", "constructor", "hasOwnProperty"])(
    "not as a project: anything under the name %s, which objects have by themselves",
    (name) => {
      const bare = '{"@context":"http://www.daostar.org/schemas","extensions":{"org.tacit":';
      for (const text of [
        `${bare}{"translations":{"${name}":{"name":"a"}}}},"name":"a","type":"Project"}`,
        `${bare}{"${name}":"a"}},"name":"a","type":"Project"}`,
        `${bare}{"milestones":[{"${name}":1,"title":"a"}]}},"name":"a","type":"Project"}`,
      ])
        expect(() => decodeProjectDocument(bytes(text))).toThrow(DocumentContentError);
    },
  );

  test("not as a round: the same question twice, or a project's fields", () => {
    for (const wrong of [{ questions: ["Who?", "Who?"] }, { sdgs: [1] }, { answers: [] }])
      expect(() =>
        decodeRoundDocument(
          encodeDocument({
            ...ROUND,
            extensions: { "org.tacit": { ...ROUND.extensions["org.tacit"], ...wrong } },
          }),
        ),
      ).toThrow(DocumentContentError);
  });

  test("half a character is refused before it is written", () => {
    expect(() => writeProjectDocument({ name: "Bee\ud83d" })).toThrow(DocumentContentError);
  });

  test("not as a round: the same category twice", () => {
    const twice = { ...ROUND.extensions["org.tacit"], categories: ["Parks", "Parks"] };
    expect(() =>
      decodeRoundDocument(encodeDocument({ ...ROUND, extensions: { "org.tacit": twice } })),
    ).toThrow(DocumentContentError);
  });

  test("the problem names the field", () => {
    expect(() => encodeProjectDocument({ ...PROJECT, name: "a\nb" })).toThrow(/\/name has a form/);
  });
});

describe("META-3: what somebody says of a project or a round becomes its document", () => {
  const aboutOf = ({ extensions, ...document }: ProjectDocument) => {
    const { "@context": _, type: __, ...standard } = document;
    return { ...standard, ...extensions?.["org.tacit"] };
  };

  test("with every field in its place, and what is not said left out", () => {
    expect(writeProjectDocument(aboutOf(PROJECT))).toEqual(PROJECT);
    expect(
      writeProjectDocument({ name: "Bees", image: undefined, sdgs: undefined } as never),
    ).toEqual({
      "@context": PROJECT["@context"],
      type: "Project",
      name: "Bees",
    });
    const { nonce, ...ours } = ROUND.extensions["org.tacit"];
    const { name, description } = ROUND;
    expect(writeRoundDocument({ name, description, ...ours }, nonce)).toEqual(ROUND);
  });
});
