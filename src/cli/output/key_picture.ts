import type { Point } from "../../crypto/curve.ts";
import { keyPicture, type KeyForm } from "../../protocol/key_picture.ts";
import type { Io } from "./io.ts";

/** Two characters a cell, of the first and of the second colour: they differ where colours are not seen, too. */
const SIGNS: Readonly<Record<KeyForm, readonly [string, string]>> = {
  square: ["██", "▒▒"],
  disc: ["● ", "○ "],
  diamond: ["◆ ", "◇ "],
  triangle: ["▲ ", "△ "],
};

/** The picture of a key (KEY-9) as seven lines of text. */
export function keyPictureLines(key: Point, paint: Io["colours"]): string[] {
  const { colours, form, cells } = keyPicture(key);
  return cells.map((row) =>
    row
      .map((cell) =>
        cell === 0
          ? "  "
          : paint[colours[cell - 1] as (typeof colours)[number]](SIGNS[form][cell - 1] as string),
      )
      .join(""),
  );
}
