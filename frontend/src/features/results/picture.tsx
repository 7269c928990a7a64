import { linesOf } from "./lines.ts";

/** A picture to share: as wide and high as programs that show links want it. */
export const PICTURE = { width: 1200, height: 630 } as const;

const LATIN =
  "Georgia, 'Noto Serif', 'Noto Serif CJK JP', 'Hiragino Mincho ProN', 'Songti TC', serif";
const INK = "#1b211d";

export type PictureBar = {
  readonly name: string;
  readonly amount: string;
  /** Parts of the longest bar, 0 to 1. */
  readonly given: number;
  readonly matched: number;
};

/**
 * The result as one drawing that needs nothing else: no styles, fonts, scripts or addresses. It is shown, saved as it is, and drawn for a PNG; so its
 * colours are its own, whatever the page's are.
 */
export function ResultPicture({
  ref,
  title,
  facts,
  bars,
  source,
}: {
  ref?: React.Ref<SVGSVGElement>;
  title: string;
  facts: readonly string[];
  bars: readonly PictureBar[];
  source: string;
}) {
  const { width, height } = PICTURE;
  const heading = linesOf(title, { size: 50, width: width - 120, most: 2 });
  const factsFrom = 96 + heading.length * 58;
  const told = facts.flatMap((fact) => linesOf(fact, { size: 28, width: width - 120, most: 2 }));
  const barsFrom = factsFrom + told.length * 40 + 18;
  const room = Math.max(0, Math.floor((height - 70 - barsFrom) / 34));
  return (
    <svg
      ref={ref}
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={[title, ...facts].join(" ")}
      fontFamily={LATIN}
    >
      <title>{title}</title>
      <rect width={width} height={height} fill="#f6f3eb" />
      <rect width={width} height="14" fill="#17594a" />
      {heading.map((line, i) => (
        <text key={line} x="60" y={92 + i * 58} fontSize="50" fill={INK}>
          {line}
        </text>
      ))}
      {told.map((line, i) => (
        <text key={line} x="60" y={factsFrom + i * 40} fontSize="28" fill={INK}>
          {line}
        </text>
      ))}
      {bars.slice(0, room).map(({ name, amount, given, matched }, i) => {
        const y = barsFrom + i * 34;
        return (
          <g key={name + amount}>
            <text x="60" y={y} fontSize="20" fill="#565e58">
              {linesOf(name, { size: 20, width: 300, most: 1 })[0]}
            </text>
            <rect x="380" y={y - 16} width={given * 540} height="18" fill="#8a8f86" />
            <rect
              x={380 + given * 540}
              y={y - 16}
              width={matched * 540}
              height="18"
              fill="#17594a"
            />
            <text x={width - 60} y={y} fontSize="20" textAnchor="end" fill={INK}>
              {amount}
            </text>
          </g>
        );
      })}
      <text x="60" y={height - 30} fontSize="20" fill="#565e58">
        {source}
      </text>
    </svg>
  );
}
