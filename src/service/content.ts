import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Hex } from "viem";
import { BaseError } from "../errors.ts";
import { isPictureOf, readPicture } from "../metadata/picture.ts";
import { digestDocument } from "../metadata/reference.ts";

export class UnwantedPictureError extends BaseError {
  constructor() {
    super("No document of a round that is served here names this picture.", {
      fix: "Publish the document that names it first, with the application or as the round's own; then hand the picture in.",
    });
  }
}

export class OtherPictureError extends BaseError {
  constructor() {
    super("These bytes have another SHA-256 than the address that they were sent to.", {
      fix: "Send each picture to the address of its own bytes, unchanged.",
    });
  }
}

export class ContentFullError extends BaseError {
  constructor() {
    super("The pictures kept here take all the room that they may.", {
      fix: "Tell the operator, who can give them more with --content-most.",
    });
  }
}

export type ContentOptions = {
  readonly folder: string;
  /** Bytes of all pictures at the most. */
  readonly mostBytes: number;
  /** Milliseconds for which the documents are not read again, whoever asks for whatever. */
  readonly lookAgain?: number;
  /** Which pictures the documents of the served rounds name (META-5). */
  readonly readWanted: () => Promise<ReadonlySet<Hex>>;
};

const LOOK_AGAIN = 5_000;

/** Pictures in a folder, each in a file with its digest as name. What lies there is checked whenever it is given out, whoever put it there. */
export class Content {
  readonly #options: ContentOptions;
  #wanted: ReadonlySet<Hex> = new Set();
  #looked = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #bytes: number | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ContentOptions) {
    this.#options = options;
  }

  /** A picture's bytes and type; undefined where there is none. */
  async get(digest: Hex): Promise<{ readonly bytes: Buffer; readonly type: string } | undefined> {
    const bytes = await readFile(this.#fileOf(digest)).catch(() => undefined);
    return bytes === undefined || !isPictureOf(digest, bytes)
      ? undefined
      : { bytes, type: readPicture(bytes).type };
  }

  /** Keeps a picture; one that is there stays. @throws PictureError, OtherPictureError, UnwantedPictureError, ContentFullError */
  async put(digest: Hex, bytes: Uint8Array): Promise<void> {
    readPicture(bytes);
    if (digestDocument(bytes) !== digest) throw new OtherPictureError();
    if ((await this.get(digest)) !== undefined) return;
    if (!(await this.#isWanted(digest))) throw new UnwantedPictureError();
    // One after the other: else several at once would each find the room that is there for one.
    const mine = this.#last.then(() => this.#keep(digest, bytes));
    this.#last = mine.catch(() => undefined);
    await mine;
  }

  async #keep(digest: Hex, bytes: Uint8Array): Promise<void> {
    const { folder, mostBytes } = this.#options;
    await mkdir(folder, { recursive: true });
    this.#bytes ??= await sizeOf(folder);
    if (this.#bytes + bytes.length > mostBytes) throw new ContentFullError();
    // Whole or not at all, whenever the machine stops.
    const aside = path.join(folder, `.${randomUUID()}`);
    try {
      await writeFile(aside, bytes, { flag: "wx", flush: true });
      await rename(aside, this.#fileOf(digest));
    } finally {
      await rm(aside, { force: true });
    }
    this.#bytes += bytes.length;
  }

  async #isWanted(digest: Hex): Promise<boolean> {
    if (
      !this.#wanted.has(digest) &&
      performance.now() - this.#looked >= (this.#options.lookAgain ?? LOOK_AGAIN)
    ) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
      await this.#looking;
    }
    return this.#wanted.has(digest);
  }

  async #look(): Promise<void> {
    this.#wanted = await this.#options.readWanted();
    this.#looked = performance.now();
  }

  #fileOf(digest: Hex): string {
    return path.join(this.#options.folder, digest.slice(2));
  }
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
