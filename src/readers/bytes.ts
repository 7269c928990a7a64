import { BaseError } from "../errors.ts";

/** A file that is not text, or whose letters cannot be told. */
export class FileEncodingError extends BaseError {
  /** Of a kind that a page has words for. */
  readonly reason: "archive" | "binary" | "letters" | "unreadable";

  constructor(file: string, reason: FileEncodingError["reason"], why: string, fix: string) {
    super(`${file} ${why}.`, { fix });
    this.reason = reason;
  }
}

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252" | (string & {});

/**
 * A file's text: UTF-8 or UTF-16, with or without a mark of the byte order. An older encoding cannot be told from another of its kind, so it
 * is read only where it is named.
 * @throws FileEncodingError
 */
export function decodeText(bytes: Uint8Array, file: string, encoding?: Encoding): string {
  if (encoding !== undefined) return decodeAs(bytes, file, encoding);
  const [a, b, c] = bytes;
  if (a === 0x50 && b === 0x4b && c === 0x03)
    throw new FileEncodingError(
      file,
      "archive",
      "is a spreadsheet program's own file, or another archive, and not text",
      "Save the sheet as CSV (UTF-8) and give that file.",
    );
  if (a === 0xff && b === 0xfe) return decodeAs(bytes, file, "utf-16le");
  if (a === 0xfe && b === 0xff) return decodeAs(bytes, file, "utf-16be");
  const zeros = [0, 1].map(
    (odd) => bytes.subarray(0, 200).filter((byte, i) => i % 2 === odd && byte === 0).length,
  );
  const most = Math.min(bytes.length, 200) / 4;
  if (bytes.length >= 4 && zeros[1] !== undefined && zeros[1] > most && zeros[0] === 0)
    return decodeAs(bytes, file, "utf-16le");
  if (bytes.length >= 4 && zeros[0] !== undefined && zeros[0] > most && zeros[1] === 0)
    return decodeAs(bytes, file, "utf-16be");
  if (bytes.includes(0))
    throw new FileEncodingError(file, "binary", "is not a text file", "Give a CSV file in UTF-8.");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    let [good, at] = [0, bytes.length]; // between the last good prefix and the first bad one
    while (at - good > 1) {
      const middle = (good + at) >> 1;
      if (isUtf8(bytes.subarray(0, middle))) good = middle;
      else at = middle;
    }
    const line = bytes.subarray(0, good).filter((byte) => byte === 0x0a).length + 1;
    throw new FileEncodingError(
      file,
      "letters",
      `is not in UTF-8: line ${line} has a letter in another encoding`,
      "Save the file as UTF-8 (in spreadsheets: CSV UTF-8), or name its encoding, for example --encoding windows-1252 for a western European spreadsheet.",
    );
  }
}

function decodeAs(bytes: Uint8Array, file: string, encoding: Encoding): string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new FileEncodingError(
      file,
      "unreadable",
      `cannot be read: "${encoding}" is not an encoding that is known here`,
      "Use utf-8, utf-16le, windows-1252, shift_jis or another label of the Encoding standard.",
    );
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FileEncodingError(
      file,
      "letters",
      `is not in ${encoding}`,
      "Name its true encoding, or save it as UTF-8.",
    );
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
