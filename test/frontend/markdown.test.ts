import fc from "fast-check";
import { createElement, type FunctionComponent } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test } from "vitest";
import { firstWords, hasMarkdown, plainMarkdown } from "../../frontend/src/markdown.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

let Markdown: FunctionComponent<{ text: string; level: number }>;
beforeAll(async () => {
  ({ default: Markdown } = (await import(fromRoot("frontend/src/ui/markdown.tsx"))) as {
    default: typeof Markdown;
  });
});
const draw = (text: string, level = 3): string =>
  renderToStaticMarkup(createElement(Markdown, { text: plainMarkdown(text), level }));
const tagsOf = (html: string): string[] =>
  [...new Set([...html.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag as string))].sort();

describe("a stranger's Markdown", () => {
  test("becomes paragraphs, lists, quotations and emphasis", () => {
    const html = draw(
      "One **strong** and *soft* word.\nA line of its own.\n\n- first\n- second\n  1. inner\n\n> said\n\n`code`",
    );
    expect(tagsOf(html)).toEqual([
      ...["blockquote", "br", "code", "div", "em", "li", "ol", "p", "strong", "ul"],
    ]);
    expect(html).toContain("<strong>strong</strong>");
  });

  test("brings no HTML, loads nothing, and leads to https alone", () => {
    const html = draw(
      [
        '<script>alert(1)</script> <img src="https://spy.example/x.png" onerror="alert(1)">',
        "<div onclick=alert(1)>",
        "![a picture](https://spy.example/p.png)",
        "[run](javascript:alert(1)) [plain](http://plain.example) [data](data:text/html,x)",
        "[JAVA](JaVaScRiPt:alert(1)) <javascript:alert(1)> [host](//evil.example) [up](#/create)",
        "[fine](https://fine.example/a)",
      ].join("\n\n"),
    );
    expect(tagsOf(html)).toEqual(["a", "div", "p", "span"]);
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      "https://spy.example/p.png",
      "https://fine.example/a",
    ]);
    expect(html.match(/rel="noopener noreferrer nofollow"/g)).toHaveLength(2);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;"); // nothing is dropped in silence
    expect(html).toContain("[run](javascript:alert(1))");
  });

  test("a link's words cannot hide where it leads", () => {
    expect(draw("[https://bank.example](https://thief.example/x)")).toContain("(thief.example)");
    expect(draw("[bank.example/thief.example](https://thief.example/)")).toContain(
      "(thief.example)",
    );
    expect(draw("https://bank.example/a")).not.toContain("(bank.example)");
  });

  test("its headings stand below the page's own, and none is left out", () => {
    const levels = (text: string, level: number) =>
      [...draw(text, level).matchAll(/<h(\d)/g)].map(([, one]) => Number(one));
    expect(levels("# a\n\n## b\n\n# c", 3)).toEqual([4, 5, 4]);
    expect(levels("##### a\n\n# b\n\n###### c", 3)).toEqual([4, 4, 5]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }), (depths) => {
        const found = levels(depths.map((depth) => `${"#".repeat(depth)} x`).join("\n\n"), 3);
        expect(found).toHaveLength(depths.length);
        found.forEach((one, i) => {
          expect(one).toBeGreaterThan(3);
          expect(one).toBeLessThanOrEqual((found[i - 1] ?? 3) + 1);
        });
      }),
    );
  });

  test.each([">", "1. ", "- ", "* ", "[", "![", "**a ", "_a", "`a", "<a ", "[a](", "\\", "> - "])(
    "8,000 characters of %j are shown",
    (sign) => {
      const html = draw(sign.repeat(Math.ceil(8_000 / sign.length)));
      expect(html.length).toBeGreaterThan(50);
    },
  );

  test("signs that turn the direction of writing are gone, and indentation stays", () => {
    expect(plainMarkdown("- a\n  - b\u202ec")).toBe("- a\n  - bc");
  });

  test("in a list its first words stand without signs", () => {
    expect(
      firstWords("## A *garden* for [all](https://all.example)\n\n- **rain**\n- snake_case", 400),
    ).toBe("A garden for all rain snake_case");
    expect(firstWords("2 * 3 * 4", 400)).toBe("2 * 3 * 4");
    expect(hasMarkdown("Evenings, where people mend things - together.")).toBe(false);
    expect(hasMarkdown("a\n- b")).toBe(true);
  });
});
