import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);

/** One place whose execution is counted; `tag` is what the instrumented code reports. */
export type Point = {
  readonly tag: number;
  /** Relative to contracts/. */
  readonly file: string;
  readonly line: number;
  /** The source of the statement or condition, on one line. */
  readonly text: string;
  readonly kind: "statement" | "branch true" | "branch false";
};

/** Source texts by file, relative to contracts/. */
export type Sources = ReadonlyMap<string, string>;

type Node = { readonly nodeType: string; readonly src: string; readonly [field: string]: unknown };

/**
 * EDR reports every static call to this address as covered, whatever becomes of the transaction. A call changes what the last one
 * returned, so its size, which one condition reads, is put back by the identity precompile.
 */
const LIBRARY = `// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

library Coverage {
    function hit(uint256 tag) internal pure {
        _castToPure(_hit)(tag);
    }

    function seen(bool condition, uint256 tag) internal pure returns (bool) {
        hit(condition ? tag : tag + 1);
        return condition;
    }

    function _hit(uint256 tag) private view {
        assembly ("memory-safe") {
            let size := returndatasize()
            let buffer := mload(0x40)
            mstore(buffer, tag)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, buffer, 32, 0, 0))
            if size { pop(staticcall(gas(), 4, 0, size, 0, 0)) }
        }
    }

    function _castToPure(function(uint256) internal view f) private pure returns (function(uint256) internal pure g) {
        assembly ("memory-safe") {
            g := f
        }
    }
}
`;

/** Interfaces have no code; mocks and what is generated are not measured. */
const NOT_MEASURED = /^(interfaces|mocks|generated)\//;

/** The sources with a report before each statement and around each condition: every operand of && and || counts as one. */
export function instrument(sources: Sources): {
  readonly sources: Sources;
  readonly points: readonly Point[];
} {
  const points: Point[] = [];
  const trees = parse(sources);
  const instrumented = [...sources].map(([file, text]): [string, string] => [
    file,
    NOT_MEASURED.test(file) ? text : instrumentFile(file, text, trees(file), points),
  ]);
  return { sources: new Map([...instrumented, ["Coverage.sol", LIBRARY]]), points };
}

function parse(sources: Sources): (file: string) => Node {
  const { compile } = require("solc") as { compile(input: string, callbacks: object): string };
  const settings = { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } };
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...sources].map(([file, content]) => [file, { content }])),
    settings,
  };
  const { readFileSync } = require("node:fs") as typeof import("node:fs");
  const output = JSON.parse(
    compile(JSON.stringify(input), {
      import: (file: string) => ({ contents: readFileSync(require.resolve(file), "utf8") }),
    }),
  ) as {
    readonly sources: Record<string, { readonly ast: Node }>;
  };
  return (file) => {
    const tree = output.sources[file]?.ast;
    if (tree === undefined)
      throw new Error(
        `The compiler cannot parse contracts/${file}. What to do: build the contracts and read its message.`,
      );
    return tree;
  };
}

function instrumentFile(file: string, text: string, tree: Node, points: Point[]): string {
  // Offsets count bytes of UTF-8.
  const bytes = Buffer.from(text);
  const readSpan = ({ src }: Node) => src.split(":").map(Number) as [start: number, length: number];
  const insertions: { readonly at: number; readonly text: string }[] = [];
  const add = (node: Node, kinds: readonly Point["kind"][]): number => {
    const [start, length] = readSpan(node);
    const line = bytes.subarray(0, start).toString().split("\n").length;
    const source = bytes
      .subarray(start, start + length)
      .toString()
      .replace(/\s+/g, " ");
    const tag = points.length + 1;
    for (const [i, kind] of kinds.entries())
      points.push({ tag: tag + i, file, line, text: source, kind });
    return tag;
  };

  const wrapped = new Set<string>();
  for (const node of listNodes(tree)) {
    for (const statement of listStatements(node))
      insertions.push({
        at: readSpan(statement)[0],
        text: `Coverage.hit(${add(statement, ["statement"])});`,
      });
    for (const condition of listConditions(node)) {
      if (wrapped.has(condition.src)) continue;
      wrapped.add(condition.src);
      const [start, length] = readSpan(condition);
      const tag = add(condition, ["branch true", "branch false"]);
      // Conditions do not overlap, but a call within one may have arguments with conditions of their own; none here starts where another does.
      insertions.push(
        { at: start, text: "Coverage.seen(" },
        { at: start + length, text: `, ${tag})` },
      );
    }
  }
  const up = path.posix.relative(path.posix.dirname(file), "Coverage.sol");
  const [pragma, pragmaLength] = readSpan(
    listNodes(tree).find(({ nodeType }) => nodeType === "PragmaDirective") as Node,
  );
  insertions.push({
    at: pragma + pragmaLength,
    text: ` import {Coverage} from "${up.startsWith(".") ? up : `./${up}`}";`,
  });

  let [result, done] = ["", 0];
  for (const insertion of insertions.sort((a, b) => a.at - b.at)) {
    result += bytes.subarray(done, insertion.at).toString() + insertion.text;
    done = insertion.at;
  }
  return result + bytes.subarray(done).toString();
}

/** The node and all below it, from the outside inwards. Assembly is one statement: its three loops always end, and have no other condition. */
function listNodes(node: Node): Node[] {
  if (node.nodeType === "InlineAssembly") return [node];
  const inner = Object.values(node)
    .flat()
    .filter((value): value is Node => typeof (value as Node | null)?.nodeType === "string");
  return [node, ...inner.flatMap(listNodes)];
}

function listStatements(node: Node): readonly Node[] {
  return node.nodeType === "Block" || node.nodeType === "UncheckedBlock"
    ? ((node["statements"] ?? []) as Node[])
    : [];
}

/** What decides where a node goes on: the conditions of if, for, while and ?:, and the operands of && and || anywhere. */
function listConditions(node: Node): readonly Node[] {
  if (node.nodeType === "BinaryOperation") return isLogical(node) ? listOperands(node) : [];
  const condition = node["condition"] as Node | null | undefined;
  return condition == null ? [] : listOperands(condition);
}

function listOperands(node: Node): readonly Node[] {
  const components = node.nodeType === "TupleExpression" ? (node["components"] as Node[]) : [];
  if (components.length === 1) return listOperands(components[0] as Node);
  return isLogical(node)
    ? [node["leftExpression"], node["rightExpression"]].flatMap((operand) =>
        listOperands(operand as Node),
      )
    : [node];
}

const isLogical = ({ nodeType, operator }: Node): boolean =>
  nodeType === "BinaryOperation" && (operator === "&&" || operator === "||");
