/**
 * A second reading of docs/SPEC.md sections 3 and 5, kept as plain and as different from src/ as possible: words become strings
 * of bits, every donor's whole history is read anew, and nothing of src/round or of the decoders in src/protocol is used.
 * Slow on purpose.
 */

export type NaiveDonor = { tag: string; keyX: string; keyY: string; finalCredits: bigint };
export type NaiveMessage = { t: number; rX: string; rY: string; words: bigint[] };
export type NaiveRules = { J: number; signsAllowed: boolean };

/** Whether (e, s) of the words signs them under the key: SIG-2, given from outside. */
export type SignatureCheck = (message: NaiveMessage, keyX: string, keyY: string) => boolean;

/** KEY-1, given from outside as well: words 1 and 2. */
export type PointCheck = (x: bigint, y: bigint) => boolean;

type Entry = { project: number; vote: bigint };
type Fate = { t: number; accepted: boolean };

export function naiveRound(
  donors: NaiveDonor[],
  messages: NaiveMessage[],
  rules: NaiveRules,
  isSigned: SignatureCheck,
  isGoodPoint: PointCheck,
) {
  const accepted = new Set<number>();
  const T: Record<string, bigint> = {};
  const S: Record<string, bigint> = {};
  for (const donor of donors) {
    const mine = messages.filter(
      (m) => allWordsInBounds(m.words) && readHeader(m.words).tag === donor.tag,
    );
    const { ballot, fates } = readHistory(donor, mine, rules, isSigned, isGoodPoint);
    for (const fate of fates) if (fate.accepted) accepted.add(fate.t);
    for (const { project, vote } of ballot) {
      T[project] = (T[project] ?? 0n) + vote;
      S[project] = (S[project] ?? 0n) + vote * vote;
    }
  }
  const results = Object.keys(S)
    .map(Number)
    .sort((a, b) => a - b)
    .map((j) => `${j}: T=${T[j]} S=${S[j]}`);
  return { accepted: [...accepted].sort((a, b) => a - b), results };
}

function readHistory(
  donor: NaiveDonor,
  mine: NaiveMessage[],
  rules: NaiveRules,
  isSigned: SignatureCheck,
  isGoodPoint: PointCheck,
) {
  let key = { x: donor.keyX, y: donor.keyY };
  let lastNonce = 0n;
  let pages: bigint[][] = []; // The pages of the ballot in force.
  const fates: Fate[] = [];
  for (const message of mine) {
    const { words } = message;
    const { append, nonce } = readHeader(words);
    const candidate = append ? [...pages, words.slice(3, 7)] : [words.slice(3, 7)];
    const read = readPages(candidate);
    const rightNonce = append ? nonce === lastNonce + 1n : nonce > lastNonce;
    const signBitNow = read.signBits.slice(-24).includes("1"); // earlier pages were judged when they came
    const good =
      isSigned(message, key.x, key.y) &&
      isGoodPoint(words[1]!, words[2]!) &&
      rightNonce &&
      nonce / 65536n < BigInt(message.t) &&
      read.end <= rules.J &&
      (rules.signsAllowed || !signBitNow) &&
      read.entries.map((entry) => entry.vote ** 2n).reduce((a, b) => a + b, 0n) <=
        donor.finalCredits;
    fates.push({ t: message.t, accepted: good });
    if (!good) continue;
    key = { x: String(words[1]), y: String(words[2]) };
    lastNonce = nonce;
    pages = candidate;
  }
  return { ballot: readPages(pages).entries, fates };
}

/** BAL-1 and BAL-2 over all pages of a ballot at once: the position runs through. */
function readPages(pages: bigint[][]): { entries: Entry[]; end: number; signBits: string[] } {
  const entries: Entry[] = [];
  const signBits: string[] = [];
  let at = 0;
  for (const page of pages) {
    for (const word of page) {
      const bits = bitString(word, 252); // most significant first
      for (let slot = 5; slot >= 0; slot--) {
        // the rightmost 42 characters are the first entry
        const piece = bits.slice(slot * 42, slot * 42 + 42);
        const magnitude = BigInt(`0b${piece.slice(0, 29)}`);
        const sign = piece[29]!;
        at += Number.parseInt(piece.slice(30), 2);
        signBits.push(sign);
        if (magnitude === 0n) continue;
        entries.push({ project: at, vote: sign === "1" ? -magnitude : magnitude });
        at += 1;
      }
    }
  }
  return { entries, end: at, signBits };
}

/** CMD-2. */
function readHeader(words: bigint[]): { tag: string; append: boolean; nonce: bigint } {
  const bits = bitString(words[0]!, 113);
  return {
    nonce: BigInt(`0b${bits.slice(0, 48)}`),
    append: bits[48] === "1",
    tag: String(BigInt(`0b${bits.slice(49)}`)),
  };
}

/** CMD-3. */
function allWordsInBounds(words: bigint[]): boolean {
  const lengths = words.map((word) => word.toString(2).length);
  return lengths[0]! <= 113 && [3, 4, 5, 6, 7, 8].every((i) => lengths[i]! <= 252);
}

function bitString(word: bigint, length: number): string {
  return word.toString(2).padStart(length, "0");
}
