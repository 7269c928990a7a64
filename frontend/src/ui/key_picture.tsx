import { KEY_COLOURS, keyPicture, type KeyForm, type Point } from "../../../src/index.ts";

/** Paths of one cell of 10 by 10 at the origin. */
const FORMS: Readonly<Record<KeyForm, string>> = {
  square: "M0 0h10v10h-10z",
  disc: "M0 5a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
  diamond: "M5 0l5 5l-5 5l-5 -5z",
  triangle: "M5 0.5l5 9h-10z",
};
const GROUND = "#f7f5ef";

/** The picture of a key (KEY-9) with its words, on the same light ground in every theme. */
export function KeyPictureView({ of, size, label }: { of: Point; size: number; label: string }) {
  const { words, colours, form, cells } = keyPicture(of);
  return (
    <figure className="w-fit shrink-0">
      <svg viewBox="-6 -6 82 82" width={size} height={size} role="img" aria-label={label}>
        <rect x="-6" y="-6" width="82" height="82" rx="6" fill={GROUND} />
        {cells.map((row, y) =>
          row.map(
            (cell, x) =>
              cell !== 0 && (
                <path
                  key={`${x} ${y}`}
                  d={FORMS[form]}
                  transform={`translate(${10 * x} ${10 * y})`}
                  fill={KEY_COLOURS[colours[cell - 1] as keyof typeof KEY_COLOURS]}
                />
              ),
          ),
        )}
      </svg>
      <figcaption className="mt-2 font-mono text-[0.95rem] leading-snug" lang="en" translate="no">
        {words.join(" ")}
      </figcaption>
    </figure>
  );
}
