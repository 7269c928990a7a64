import Type, { type Static } from "typebox";

/** Shapes of the HTTP API: one source for checks at the door, the OpenAPI document and the client's types. */

const Round = Type.String({ pattern: "^0x[0-9a-fA-F]{40}$", description: "Address of the round" });
const Word = Type.String({
  pattern: "^0x[0-9a-f]{1,64}$",
  description: "An integer below p in hexadecimal",
});

export const ContentParams = Type.Object({
  digest: Type.String({
    pattern: "^[0-9a-f]{64}$",
    description: "SHA-256 of the picture, in hexadecimal",
  }),
});

export const RoundParams = Type.Object({ round: Round });

export const Stage = Type.Object(
  {
    stage: Type.String(),
    done: Type.Integer(),
    total: Type.Integer(),
    secondsLeft: Type.Optional(Type.Integer()),
  },
  { description: "Progress of the tally" },
);

export const RoundStatus = Type.Object({
  round: Round,
  state: Type.String({ description: "following, tallying, finalized, ended or waiting" }),
  phase: Type.Optional(Type.String({ description: "The contract's phase" })),
  block: Type.Integer({ description: "Last final block that was read" }),
  items: Type.Integer({ description: "Contributions and messages up to that block" }),
  tally: Type.Optional(Stage),
  detail: Type.String({ description: "What it waits for, or what went wrong last" }),
});
export type RoundStatus = Static<typeof RoundStatus>;

export const RoundList = Type.Object({ rounds: Type.Array(RoundStatus) });
export type RoundList = Static<typeof RoundList>;

export const Health = Type.Object({
  status: Type.String({ description: "ok or failing" }),
  database: Type.Boolean({ description: "The database answers and takes what is written to it" }),
  working: Type.Boolean({
    description:
      "No round is held up: the last try of each went well, with node, database and disk",
  }),
  rounds: Type.Integer(),
});
export type Health = Static<typeof Health>;

export const MessagesBody = Type.Object(
  {
    messages: Type.Array(Type.Array(Word, { minItems: 11, maxItems: 11 }), {
      minItems: 1,
      maxItems: 100,
      description: "R.x, R.y and nine words of ciphertext each; pages of a ballot in order",
    }),
    stamp: Type.Object(
      {
        epoch: Type.String({ maxLength: 100, description: "From /rounds/<round>/stamp" }),
        work: Type.Array(Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }), {
          minItems: 1,
          maxItems: 800,
          description: "Eight integers a message, each making a hash with enough leading zeros",
        }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type MessagesBody = Static<typeof MessagesBody>;

export const RelayAccount = Type.Object({
  account: Type.Optional(
    Type.String({
      description:
        "The account that contributes for members; absent where the relay only publishes messages",
    }),
  ),
});
export type RelayAccount = Static<typeof RelayAccount>;

export const ContributionBody = Type.Object(
  {
    keyX: Word,
    keyY: Word,
    credits: Type.String({ pattern: "^[1-9][0-9]{0,19}$", description: "Voice credits" }),
    gateData: Type.String({
      pattern: "^0x([0-9a-f]{2})*$",
      maxLength: 20_000,
      description: "What the round's gate is shown: a proof that names the tag",
    }),
  },
  { additionalProperties: false },
);
export type ContributionBody = Static<typeof ContributionBody>;

export const ContributionTaken = Type.Object({
  tag: Type.String({ description: "In decimal. It is sent with the next batch." }),
});
export type ContributionTaken = Static<typeof ContributionTaken>;

export const Challenge = Type.Object({
  epoch: Type.String({ description: "What the work is for; good for five to ten minutes" }),
  bits: Type.Integer({ description: "Leading zero bits of each part's hash" }),
});
export type Challenge = Static<typeof Challenge>;

export const Accepted = Type.Object({
  accepted: Type.Integer({ description: "Messages taken. Nothing says whether they will count." }),
});
export type Accepted = Static<typeof Accepted>;

export const Failure = Type.Object({ error: Type.String(), fix: Type.Optional(Type.String()) });
export type Failure = Static<typeof Failure>;
