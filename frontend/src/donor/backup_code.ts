/** A backup code: 128 random bits as 26 letters and digits that are not mistaken for each other, in groups (Crockford's base 32). */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BYTES = 16;
const LETTERS = 26;

export function newCode(): string {
  let value = crypto.getRandomValues(new Uint8Array(BYTES)).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let text = "";
  for (let i = 0; i < LETTERS; i++, value >>= 5n) text = `${ALPHABET[Number(value & 31n)]}${text}`;
  return (text.match(/.{1,5}/g) as string[]).join("-");
}

/** The bytes of a code as typed: case, spaces and hyphens do not matter, and O, I, L are read as 0, 1, 1. */
export function codeBytes(code: string): Uint8Array | undefined {
  const letters = code.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  if (letters.length !== LETTERS || [...letters].some((letter) => !ALPHABET.includes(letter))) return undefined;
  let value = [...letters].reduce((sum, letter) => (sum << 5n) | BigInt(ALPHABET.indexOf(letter)), 0n);
  if (value >> 128n !== 0n) return undefined;
  const bytes = new Uint8Array(BYTES);
  for (let i = BYTES - 1; i >= 0; i--, value >>= 8n) bytes[i] = Number(value & 0xffn);
  return bytes;
}
