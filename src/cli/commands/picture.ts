import { Command } from "commander";
import { readPicture } from "../../metadata/picture.ts";
import { toReference } from "../../metadata/reference.ts";
import { collect, examples, withOptions, type SharedValues } from "../input/options.ts";
import { putPicture, readPictureFile } from "../input/picture_file.ts";
import type { Io } from "../output/io.ts";
import { answer, table } from "../output/output.ts";

type Values = SharedValues & { readonly to?: readonly string[] };

export function pictureCommand(io: Io): Command {
  const command = new Command("picture")
    .description(
      "check pictures, print the references by which documents name them, and put them where pages look for them",
    )
    .argument("<file...>", "PNG, JPEG, WebP or AVIF, up to 262,144 bytes")
    .option(
      "--to <folder or URL>",
      "a folder that a site is made with, or a relay that serves the round (repeatable)",
      collect,
    )
    .addHelpText(
      "after",
      examples(
        "tacit picture garden.webp",
        "tacit picture garden.webp school.jpg --to https://relay.example",
        "tacit picture pictures/* --to content",
      ),
    )
    .action(async (files: string[], values: Values) => picture(io, files, values));
  return withOptions(command);
}

async function picture(io: Io, files: readonly string[], values: Values): Promise<void> {
  const pictures = await Promise.all(files.map(readPictureFile));
  for (const where of values.to ?? []) for (const one of pictures) await putPicture(one, where);
  const shown = pictures.map(({ file, bytes, digest }) => ({
    file,
    ...readPicture(bytes),
    bytes: bytes.length,
    digest,
    image: toReference(digest),
  }));
  answer(io, values, shown, [
    table(
      ["file", "type", "pixels", "bytes", "image"],
      shown.map(({ file, type, width, height, bytes, image }) => [
        file,
        type,
        `${width} x ${height}`,
        String(bytes),
        image,
      ]),
      ["left", "left", "right", "right", "left"],
    ),
  ]);
}
