import { encodeQR } from "qr";

const QUIET_ZONE = 4;

/** A text for a phone's camera; dark on light in every theme, for not every camera reads the reverse. */
export function QrCode({ of, label }: { of: string; label: string }) {
  const rows = encodeQR(of, "raw", { ecc: "medium", border: QUIET_ZONE });
  const path = rows
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return (
    <svg
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="my-4 size-56 rounded-lg"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
