/** Sources of circuits by file name. */
export type Sources = ReadonlyMap<string, string>;

/** Where a template is instantiated: inside which one, and in which of its numbered sections, "" where it has none. */
type Place = { readonly user: string; readonly section: string };
type Template = {
  readonly name: string;
  readonly file: string;
  /** What its comment says after "Needs:", up to an empty comment line; undefined where it does not, or more than once. */
  readonly needs: string | undefined;
  /** Its code by numbered section, without comments. */
  readonly sections: ReadonlyMap<string, string>;
};

/**
 * Where the door must not be leaned on: that a row's words are the contract's follows from D and PM, and from the commitments between
 * folds. What makes these has to hold for every assignment (docs/SOUNDNESS.md).
 */
const BEFORE_THE_DOOR: readonly Place[] = [
  ...["1", "2", "7"].map((section) => ({ user: "Row", section })),
  ...["1", "2", "4"].map((section) => ({ user: "Fold", section })),
  ...["1", "2"].map((section) => ({ user: "Close", section })),
];

/**
 * What is wrong with the "Needs:" of templates. Each says "Needs: nothing." or what it needs and then, for every place that instantiates it
 * and no other, a line "in <template>[, section <n>]: ..." that says "proved by <what>", or "door", or both. Nothing that is instantiated before
 * the door, directly or not, may have a need that the door sees to.
 */
export function faultsOfNeeds(sources: Sources): string[] {
  const templates = [...sources].flatMap(([file, source]) => listTemplates(file, source));
  const names = templates.map(({ name }) => name);
  const users = new Map<string, Place[]>(names.map((name) => [name, []]));
  const uses = new Map<string, readonly string[]>();
  for (const { name: user, sections } of templates) {
    for (const [section, code] of sections) {
      const used = names.filter((name) => new RegExp(`\\b${name}\\(`).test(code));
      for (const name of used) users.get(name)?.push({ user, section });
      uses.set(key({ user, section }), used);
    }
  }
  const forbidden = findCone(BEFORE_THE_DOOR, templates, uses);
  return templates.flatMap(({ name, file, needs }) => {
    const fault = (text: string) => `${file}: ${name} ${text}`;
    if (needs === undefined)
      return [fault('does not say once what it needs: "Needs: nothing." or "Needs: ..."')];
    if (/^nothing\b/.test(needs)) return [];
    const lines = new Map(
      needs
        .split(/^ {2}(?=in \w+(?:, section \d+)?: )/m)
        .slice(1)
        .map((line) => {
          const [, user, section = "", text] = /^in (\w+)(?:, section (\d+))?: (.*)/s.exec(
            line,
          ) as unknown as [string, string, string | undefined, string];
          return [key({ user, section }), text] as const;
        }),
    );
    const places = new Set((users.get(name) ?? []).map(key));
    return [
      ...[...places]
        .filter((place) => !lines.has(place))
        .map((place) => fault(`does not say who sees to its needs in ${place}`)),
      ...[...lines.keys()]
        .filter((place) => !places.has(place))
        .map((place) => fault(`speaks of ${place}, which does not use it`)),
      ...[...lines]
        .filter(([, text]) => !/\bproved by \w/.test(text) && !/\bdoor\b/.test(text))
        .map(([place]) => fault(`says neither "proved by ..." nor "door" for ${place}`)),
      ...[...lines]
        .filter(([place, text]) => /\bdoor\b/.test(text) && forbidden.has(place))
        .map(([place]) => fault(`leans on the door in ${place}`)),
    ];
  });
}

const key = ({ user, section }: Place): string =>
  section === "" ? user : `${user}, section ${section}`;

/** All places that instantiate something for the given ones: these, and those inside of what they use. */
function findCone(
  places: readonly Place[],
  templates: readonly Template[],
  uses: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  const cone = new Set<string>();
  const pending = places.map(key);
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    if (cone.has(place)) continue;
    cone.add(place);
    for (const used of uses.get(place) ?? []) {
      const sections =
        templates.find(({ name }) => name === used)?.sections ?? new Map<string, string>();
      pending.push(...[...sections.keys()].map((section) => key({ user: used, section })));
    }
  }
  return cone;
}

function listTemplates(file: string, source: string): Template[] {
  return [...source.matchAll(/((?:^\/\/.*\n)*)^template (\w+)\([^]*?^\}/gm)].map(
    ([text, comment = "", name = ""]) => {
      const said = comment.replaceAll(/^\/\/ ?/gm, "").split("Needs:");
      const sections = text
        .slice(text.indexOf("{", comment.length))
        .split(/^ *\/\/ ---- (?=\d+\.)/m)
        .map((part, i) => {
          const section = i === 0 ? "" : (/^\d+/.exec(part)?.[0] as string);
          return [
            section,
            (i === 0 ? part : part.slice(part.indexOf("\n"))).replaceAll(/\/\/.*/g, ""),
          ] as const;
        });
      return {
        name,
        file,
        needs: said.length === 2 ? said[1]?.split(/^\s*$/m)[0]?.trimStart() : undefined,
        sections: new Map(sections),
      };
    },
  );
}
