/** Letters that are about as wide as high. */
const WIDE = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/;

/** About how wide a text is, in the size of its letters: a drawing that others show cannot measure their fonts. */
function widthOf(text: string): number {
  return [...text].reduce(
    (sum, letter) => sum + (WIDE.test(letter) ? 1 : /[A-Z@%mwMW]/.test(letter) ? 0.72 : 0.5),
    0,
  );
}

/** A text in lines that fit; between words, and within where a word is wider than a line or has no spaces. The last line ends in "…" where more follows. */
export function linesOf(
  text: string,
  { size, width, most }: { readonly size: number; readonly width: number; readonly most: number },
): readonly string[] {
  const room = width / size;
  const pieces =
    text.match(/[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+/g) ?? [];
  const lines: string[] = [];
  let line = "";
  const add = (piece: string): void => {
    if (widthOf((line + piece).trimEnd()) <= room) line += piece;
    else if (line !== "") {
      lines.push(line.trimEnd());
      line = "";
      add(piece);
    } else {
      const letters = [...piece];
      let fit = 1;
      while (fit < letters.length && widthOf(letters.slice(0, fit + 1).join("")) <= room) fit++;
      lines.push(letters.slice(0, fit).join(""));
      add(letters.slice(fit).join(""));
    }
  };
  for (const piece of pieces) if (piece !== "") add(piece);
  if (line.trim() !== "") lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  const last = [...(lines[most - 1] as string)];
  while (last.length > 1 && widthOf(`${last.join("")}…`) > room) last.pop();
  return [...lines.slice(0, most - 1), `${last.join("").trimEnd()}…`];
}
