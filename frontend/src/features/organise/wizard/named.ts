import type { Address } from "viem";
import { typedName } from "../../../chain/names.ts";
import type { Draft, Names, Way } from "./draft.ts";

/** Fields that hold an address, or a name in its place. */
const FIELDS = [
  "token",
  "poolToken",
  "gate",
  "arbiter",
  "payoutRule",
  "remainderTo",
  "coordinator",
  "guardian",
] as const;

/** What a name that was typed stood for; undefined for all else, and until it is looked up. */
export function knownAddress({ names }: Pick<Draft, "names">, text: string): Address | undefined {
  const name = typedName(text);
  return name !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
}

/** The draft with addresses in the place of names. */
export function withAddresses(draft: Draft): Draft {
  const address = (text: string) => knownAddress(draft, text) ?? text;
  return {
    ...draft,
    ...Object.fromEntries(FIELDS.map((name) => [name, address(draft[name])])),
    ways: draft.ways.map(
      (way): Way => ({
        ...way,
        fields: Object.fromEntries(
          Object.entries(way.fields).map(([name, text]) => [name, address(text)]),
        ),
      }),
    ),
  };
}

export type NameInUse = {
  readonly name: string;
  readonly address: Address;
  /** Whether it stood in a list, which has to be given again for another address. */
  readonly isListed: boolean;
};

/** All names that the draft's addresses were looked up by. */
export function listNames(draft: Draft): readonly NameInUse[] {
  const typed = [
    ...FIELDS.map((name) => draft[name]),
    ...draft.ways.flatMap(({ fields }) => Object.values(fields)),
  ].flatMap((text): [string, Address][] => {
    const [name, address] = [typedName(text), knownAddress(draft, text)];
    return name === undefined || address === undefined ? [] : [[name, address]];
  });
  const listed = [
    ...draft.ways.flatMap(({ list, excluded }) => [list?.names, excluded?.names]),
    draft.hasPanel ? draft.reviewers?.names : undefined,
  ].flatMap((names: Names | undefined) => Object.entries(names ?? {}));
  const called = draft.projects.flatMap(({ called: name, recipient }): [string, Address][] =>
    name === undefined || recipient === "" ? [] : [[name, recipient]],
  );
  const all = [
    ...[...new Map(typed)].map(([name, address]) => ({ name, address, isListed: false })),
    ...[...listed, ...called].map(([name, address]) => ({ name, address, isListed: true })),
  ];
  return [
    ...new Map(all.map((one) => [`${one.name} ${one.address} ${one.isListed}`, one])).values(),
  ];
}
