import { Lexer, type Token, type Tokens } from "marked";
import type { ReactNode } from "react";

/** How deep quotations and lists may lie in one another; what lies deeper is shown as it is written. */
const MOST_DEPTH = 8;

/**
 * A stranger's Markdown. HTML in it is text like any other, and nothing that it names is loaded: a picture becomes a link. Links lead to https
 * alone. `level` is that of the heading above it, below which its own headings stand without leaving one out.
 */
export default function Markdown({ text, level }: { text: string; level: number }) {
  return (
    <div className="measure space-y-3 wrap-anywhere">{drawAll(tokensOf(text), { level })}</div>
  );
}

/** A text that the reader of Markdown fails on is one paragraph. */
function tokensOf(text: string): readonly Token[] {
  try {
    return Lexer.lex(text, { gfm: true, breaks: true });
  } catch {
    return [{ type: "text", raw: text, text }];
  }
}

type Place = {
  /** Of the heading that stands last before it. */
  readonly level: number;
  readonly depth?: number;
};

function drawAll(tokens: readonly Token[], { level: above, depth = 0 }: Place): ReactNode {
  const highest = Math.min(
    ...tokens.flatMap((token) =>
      token.type === "heading" ? [(token as Tokens.Heading).depth] : [],
    ),
  );
  let level = above;
  return tokens.map((token, i) => {
    if (token.type === "heading")
      level = Math.min(6, level + 1, above + 1 + (token as Tokens.Heading).depth - highest);
    return <Drawn key={i} token={token} place={{ level, depth: depth + 1 }} />;
  });
}

function Drawn({ token, place }: { token: Token; place: Place }): ReactNode {
  const { depth = 0 } = place;
  if (depth > MOST_DEPTH) return token.raw;
  const inside = () =>
    drawAll((token as { tokens?: Token[] }).tokens ?? [], { level: place.level, depth });
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading": {
      const Heading = `h${place.level}` as "h4";
      return (
        <Heading className="pt-2 font-display text-[1.15rem] leading-snug">{inside()}</Heading>
      );
    }
    case "paragraph":
      return <p>{inside()}</p>;
    case "text":
      return (token as Tokens.Text).tokens === undefined ? (token as Tokens.Text).text : inside();
    case "escape":
      return (token as Tokens.Escape).text;
    case "strong":
      return <strong>{inside()}</strong>;
    case "em":
      return <em>{inside()}</em>;
    case "del":
      return <del>{inside()}</del>;
    case "br":
      return <br />;
    case "hr":
      return <hr className="border-line" />;
    case "codespan":
      return <code className="font-mono text-[0.9em]">{(token as Tokens.Codespan).text}</code>;
    case "code":
      return (
        <pre className="rounded-lg border border-line bg-raise p-3.5 text-[0.87rem] whitespace-pre-wrap">
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case "blockquote":
      return <blockquote className="space-y-3 border-l-4 border-line pl-4">{inside()}</blockquote>;
    case "list":
      return <List list={token as Tokens.List} place={place} />;
    case "link":
    case "image": {
      const { href, text } = token as Tokens.Link;
      if (!href.startsWith("https://") || !URL.canParse(href)) return token.raw;
      return (
        <WebLink href={href} words={text}>
          {token.type === "image" ? text || href : inside()}
        </WebLink>
      );
    }
    case "checkbox":
      return (token as Tokens.Checkbox).checked ? "☑ " : "☐ ";
    default:
      // HTML, tables, and whatever a later version reads.
      return (token as Tokens.HTML).block ? (
        <p className="whitespace-pre-wrap">{token.raw}</p>
      ) : (
        token.raw
      );
  }
}

function List({ list, place: { level, depth = 0 } }: { list: Tokens.List; place: Place }) {
  const items = list.items.map((item, i) => (
    <li key={i}>{drawAll(item.tokens, { level, depth })}</li>
  ));
  return list.ordered ? (
    <ol start={Number(list.start) || 1} className="list-decimal space-y-1 pl-6">
      {items}
    </ol>
  ) : (
    <ul className="list-disc space-y-1 pl-6">{items}</ul>
  );
}

/** A link out of this page, which learns nothing of where it was pressed. Where it leads stands beside words that do not say so. */
export function WebLink({
  href,
  words,
  children,
}: {
  href: string;
  words: string;
  children?: ReactNode;
}) {
  const { host } = new URL(href);
  return (
    <>
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent underline underline-offset-4"
      >
        {children ?? words}
      </a>
      {words !== href && words !== host && (
        <span className="text-[0.87em] text-soft"> ({host})</span>
      )}
    </>
  );
}
