import { createElement, type FunctionComponent } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

let Emblem: FunctionComponent<{ of: string; label?: string }>;
beforeAll(async () => {
  ({ Emblem } = (await import(fromRoot("frontend/src/ui/emblem.tsx"))) as {
    Emblem: typeof Emblem;
  });
});
const draw = (of: string, label?: string): string =>
  renderToStaticMarkup(createElement(Emblem, { of, ...(label === undefined ? {} : { label }) }));
/** Each line's points, from the centre. */
const linesOf = (html: string) =>
  [...html.matchAll(/ d="M([^"]+)Z"/g)].map(([, points = ""]) =>
    points.split("L").map((point) => point.split(" ").map((text) => Number(text) - 50)),
  );

test("an emblem's lines go once round its centre and end where they begin, within the picture", () => {
  for (const of of ["0x01", "0x02", "Tide Pool School", ""]) {
    const lines = linesOf(draw(of));
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line.at(-1)).toEqual(line[0]);
      let turned = 0;
      for (const [i, [x = 0, y = 0]] of line.entries()) {
        expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThan(50);
        const [a = 0, b = 0] = line[i + 1] ?? [x, y];
        turned += Math.atan2(x * b - y * a, x * a + y * b);
      }
      expect(turned).toBeCloseTo(2 * Math.PI, 1);
    }
  }
});

test("the same name has the same emblem, another one another; only with a label is it told", () => {
  expect(draw("0x01")).toBe(draw("0x01"));
  expect(draw("0x01")).not.toBe(draw("0x02"));
  expect(draw("0x01")).toContain('aria-hidden="true"');
  expect(draw("0x01", "its emblem")).toContain('role="img" aria-label="its emblem"');
});
