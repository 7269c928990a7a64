// Who plays in the story, and what they want. Amounts are whole tokens.

export const PROJECTS = [
  "River Watch",
  "Open Street Maps for Clinics",
  "Night School",
  "Seed Library",
  "Bird Atlas",
  "Repair Café",
  "Community Radio",
  "Clean Air Sensors",
  "Braille Books",
  "Village Wi-Fi",
  "Coral Nursery",
  "Legal Aid Desk",
  "Bicycle Kitchen",
  "Dark Sky Park",
  "Youth Orchestra",
  "Open Textbooks",
  "Heat Shelter",
  "Bee Meadow",
  "Archive of Dialects",
  "First Aid for All",
  "Tree Census",
  "Public Piano",
  "Well Repair Fund",
  "Sign Language Club",
  "Free Firewall",
  "Tool Library",
  "Wheelchair Map",
  "Rain Gardens",
  "Poison Hotline",
  "Chess in the Park",
  "Fish Ladder",
  "Villa Victor",
] as const;

const projectNamed = (name: (typeof PROJECTS)[number]): number => PROJECTS.indexOf(name);

/** The briber's own project. */
export const VICTORS_PROJECT = projectNamed("Villa Victor");

/** A donor's wishes: tokens by project name; `pays` where it is not their sum. */
export type Character = {
  readonly name: string;
  readonly pays?: number;
  readonly wishes: Readonly<Partial<Record<(typeof PROJECTS)[number], number>>>;
};

/** Thirty projects, the last but two, ten tokens each: more than the 24 that fit one message. */
const thirtyProjects = Object.fromEntries(
  PROJECTS.slice(0, 30).map((name) => [name, 10]),
) as Character["wishes"];

export const DONORS: readonly Character[] = [
  { name: "Ana", wishes: { "River Watch": 40, "Bird Atlas": 25, "Night School": 35 } },
  { name: "Ben", wishes: { "Repair Café": 30, "Tool Library": 30, "Bicycle Kitchen": 15 } },
  { name: "Chloe", wishes: { "Night School": 50, "Open Textbooks": 25, "Braille Books": 25 } },
  { name: "Dayo", wishes: { "Village Wi-Fi": 60, "Free Firewall": 20, "Night School": 20 } },
  {
    name: "Elif",
    wishes: { "River Watch": 20, "Fish Ladder": 30, "Rain Gardens": 20, "Tree Census": 10 },
  },
  {
    name: "Farid",
    wishes: { "Legal Aid Desk": 45, "First Aid for All": 15, "Poison Hotline": 20 },
  },
  { name: "Greta", wishes: { "Bee Meadow": 20, "Seed Library": 20, "River Watch": 30 } },
  { name: "Hugo", wishes: { "Dark Sky Park": 3000 } },
  { name: "Ines", wishes: { "Public Piano": 60, "Youth Orchestra": 40 } },
  {
    name: "Jonas",
    wishes: { "Heat Shelter": 35, "Clean Air Sensors": 35, "Well Repair Fund": 30 },
  },
  { name: "Kemal", wishes: { "Wheelchair Map": 50, "Sign Language Club": 50 } },
  {
    name: "Lena",
    wishes: { "Archive of Dialects": 30, "Community Radio": 40, "Night School": 30 },
  },
  { name: "Mina", wishes: { "Coral Nursery": 25, "Fish Ladder": 25, "River Watch": 50 } },
  { name: "Nora", wishes: thirtyProjects },
  { name: "Omar", pays: 40, wishes: { "Chess in the Park": 90, "Villa Victor": 10 } },
  { name: "Priya", pays: 60, wishes: { "First Aid for All": 50, "Heat Shelter": 50 } },
];

/** What Ines wants in the end. */
export const SECOND_THOUGHTS: Character["wishes"] = { "Night School": 60, "Community Radio": 40 };

/** Tokens that Priya adds, so that her ballot fits. */
export const TOP_UP = 40;

export const POOL = 10_000;

/** Wishes as amounts by project index, in token units. */
export function indexAmounts(wishes: Character["wishes"], oneToken: bigint): Map<number, bigint> {
  return new Map(
    Object.entries(wishes).map(([name, tokens]) => [
      projectNamed(name as (typeof PROJECTS)[number]),
      BigInt(tokens) * oneToken,
    ]),
  );
}
