import { P } from "../../src/params.ts";
import { BOUNDED_WORDS } from "../../src/protocol/command.ts";
import type { RoundBuilder } from "./round_builder.ts";

const pow2 = (bits: number) => 1n << BigInt(bits);
const LIMIT = pow2(252);
const SPAN = pow2(253);

/**
 * Values around every limit that a bounded word has (CMD-3, ROW-3): the limit itself, the ends of the two ranges
 * `a + limit` and `a + p - 2^253` that prove a word out of bounds, and p - 1.
 */
export function listEdges(
  bits: number,
): { readonly name: string; readonly value: bigint; readonly inBounds: boolean }[] {
  const limit = pow2(bits);
  return [
    { name: `2^${bits} - 1`, value: limit - 1n, inBounds: true },
    { name: `2^${bits}`, value: limit, inBounds: false },
    { name: `2^${bits} + 1`, value: limit + 1n, inBounds: false },
    ...(bits === 252 ? [] : [{ name: "2^252", value: LIMIT, inBounds: false }]),
    { name: "p - 2^253 - 1", value: P - SPAN - 1n, inBounds: false },
    { name: "p - 2^253", value: P - SPAN, inBounds: false },
    { name: "p - 2^253 + 1", value: P - SPAN + 1n, inBounds: false },
    { name: `2^${bits} + 2^253 - 1`, value: limit + SPAN - 1n, inBounds: false },
    { name: `2^${bits} + 2^253`, value: limit + SPAN, inBounds: false },
    { name: "p - 1", value: P - 1n, inBounds: false },
  ];
}

/** A donor whose every message has one word at a limit, correctly signed where a signature can cover it. None counts. */
export function wordLimits(round: RoundBuilder): void {
  const donor = round.actor("Edna", 10_000n);
  round.contribute(donor);
  const wordNames = ["header", "ballot[0]", "ballot[1]", "ballot[2]", "ballot[3]", "e", "s"];
  BOUNDED_WORDS.forEach(({ index, bits }, which) => {
    for (const { name, value, inBounds } of listEdges(bits)) {
      const label = `${wordNames[which]} = ${name}`;
      if (index === 0)
        round.send(donor, label, inBounds ? "unregistered tag (SEM-1)" : "malformed (CMD-3)", {
          header: value,
        });
      else if (index < 7) {
        const ballot = [0n, 0n, 0n, 0n].map((word, i) => (i === index - 3 ? value : word));
        round.send(donor, label, inBounds ? "project or sign (SEM-8)" : "malformed (CMD-3)", {
          ballot,
        });
      } else {
        const alter = (command: bigint[]) => command.map((word, i) => (i === index ? value : word));
        round.send(donor, label, inBounds ? "signature (SEM-4)" : "malformed (CMD-3)", { alter });
      }
    }
  });
  const makeHeader = (high: bigint) => donor.tag + (1n << 70n) + high;
  for (const [name, high] of [
    ["2^113", pow2(113)],
    ["2^252", pow2(252)],
    ["2^253", SPAN],
  ] as const) {
    round.send(donor, `a good header + ${name}`, "malformed (CMD-3)", { header: makeHeader(high) });
  }
  round.send(donor, "a good ballot word + 2^252", "malformed (CMD-3)", {
    ballot: [pow2(252) + pow2(13), 0n, 0n, 0n],
  });
  round.send(donor, "every word out of bounds", "malformed (CMD-3)", {
    alter: (command) => command.map((_, i) => P - 1n - BigInt(i)),
  });
  round.send(donor, "correct after all that", "accepted", { ballot: new Map([[12, 34n]]) });
}
