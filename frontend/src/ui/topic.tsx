/** What a project is about, in the colour of that. */
export function Topic({ hue, children }: { hue: number; children: string }) {
  return (
    <span
      style={{ "--hue": hue } as object}
      className="tinted inline-block max-w-full truncate rounded-full px-2.5 py-0.5 text-[0.8rem] font-medium"
    >
      {children}
    </span>
  );
}

/** Colours as different as can be for the first, second, third of a round's categories: each a golden angle on. */
export const hueOf = (place: number): number => Math.round((150 + place * 137.5) % 360);
