import { keccak256, toHex, type Hex } from "viem";

/**
 * A rosette drawn from a hash, as on banknotes: two that differ look different at a glance. Decoration unless it has a label.
 * The curve is a hypotrochoid-like line whose lobes, depth, phase and inner rings come from the hash.
 */
export function Emblem({
  of,
  size = 48,
  label,
  className = "",
}: {
  of: string;
  size?: number;
  label?: string;
  className?: string;
}) {
  const bytes = toBytes(keccak256(of.startsWith("0x") ? (of as Hex) : toHex(of)));
  const at = (i: number, n: number) => (bytes[i] as number) % n;
  const rings = Array.from({ length: 3 }, (_, ring) => {
    const lobes = 3 + at(ring * 4, 9);
    const depth = 3 + at(ring * 4 + 1, 9);
    const second = 2 + at(ring * 4 + 2, 7);
    const phase = (at(ring * 4 + 3, 64) / 64) * Math.PI * 2;
    return line(
      [44 - 6, 28, 15][ring] as number,
      lobes,
      depth * [1, 0.9, 0.65][ring]!,
      second,
      phase,
    );
  });
  return (
    <svg
      viewBox="0 0 100 100"
      width={size}
      height={size}
      className={`shrink-0 ${className}`}
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
    >
      <g fill="none" stroke="currentColor" strokeLinejoin="round">
        <path d={rings[0]} strokeWidth="2.6" />
        <path d={rings[1]} strokeWidth="2.1" opacity=".75" />
        <path d={rings[2]} strokeWidth="1.8" opacity=".6" />
      </g>
      <circle cx="50" cy="50" r={3 + at(20, 4)} fill="currentColor" />
    </svg>
  );
}

function toBytes(hex: Hex): number[] {
  return Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 + 2 * i, 4 + 2 * i), 16));
}

function line(radius: number, lobes: number, depth: number, second: number, phase: number): string {
  const points = Array.from({ length: 145 }, (_, i) => {
    const angle = (i / 144) * Math.PI * 2;
    const r =
      radius +
      depth * 0.62 * Math.cos(lobes * angle + phase) +
      depth * 0.38 * Math.sin(lobes * second * angle);
    return `${(50 + r * Math.cos(angle)).toFixed(1)} ${(50 + r * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}
