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
      translations: { ja: { name: "旧市街の庭" } },
    },
  },
};
const PROJECT: ProjectDocument = {
  "@context": "http://www.daostar.org/schemas",
  type: "Project",
  name: "Beehives on the library's roof",
  extensions: {
    "org.tacit": { sdgs: [11, 15], milestones: [{ title: "First honey", shareBps: 5_000 }] },
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
    ["a picture from a host", { ...PROJECT, image: "https://example.org/a.png" }],
    ["an unknown field", { ...PROJECT, html: "<b>" }],
    ["goal 18", withExtension({ sdgs: [18] })],
    ["an unknown field in a milestone", withExtension({ milestones: [{ title: "a", html: "b" }] })],
    ["a goal twice", withExtension({ sdgs: [1, 1] })],
    ["a share above the whole", withExtension({ milestones: [{ title: "a", shareBps: 10_001 }] })],
    [
      "a day that no calendar has",
      withExtension({ milestones: [{ title: "a", due: "2027-13-01" }] }),
    ],
    [
      "a number vote without step",
      withExtension({
        question: { kind: "number", start: 0, step: 0, min: 0, max: 1, decimals: 0 },
      }),
    ],
    ["text", "hello"],
    ["null", null],
  ])("not as a project: %s", (_, document) => {
    expect(() => decodeProjectDocument(encodeDocument(document))).toThrow(DocumentContentError);
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
