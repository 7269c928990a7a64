import { parseSync } from "vite";

/** What a person might get wrong, one place at a time. */
export const KINDS = [
  "operator",
  "boundary",
  "constant",
  "condition",
  "check",
  "statement",
  "await",
  "return",
  "call",
] as const;
export type Kind = (typeof KINDS)[number];

/** The text from `start` to `end` becomes `text`; offsets in UTF-16 code units. */
export type Fault = {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

type Node = { readonly type: string; readonly start: number; readonly end: number } & Record<
  string,
  unknown
>;

const OPERATORS: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "+",
  "/": "*",
  "%": "*",
  "**": "*",
  "<<": ">>",
  ">>": "<<",
  "&": "|",
  "|": "&",
  "^": "|",
  "&&": "||",
  "||": "&&",
  "??": "&&",
  "===": "!==",
  "!==": "===",
  "+=": "-=",
  "-=": "+=",
  "*=": "+=",
  "|=": "&=",
  "&=": "|=",
  "++": "--",
  "--": "++",
};
const BOUNDARIES: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
/** Methods that return what they are called on, or part of it: the call can be left out. */
const STEPS = new Set([
  "filter",
  "reverse",
  "slice",
  "sort",
  "toLowerCase",
  "toReversed",
  "toSorted",
  "toUpperCase",
  "trim",
]);
const TWINS: Readonly<Record<string, string>> = {
  every: "some",
  some: "every",
  min: "max",
  max: "min",
  startsWith: "endsWith",
  endsWith: "startsWith",
};
const LOOPS = new Set(["ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement"]);
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/**
 * Every fault that can be made in a TypeScript source, in the order of their places. Types, imports, and what is given to
 * `throw` and `super` stay as they are: nobody's tests should pin them.
 *
 * @throws Error where the source does not parse.
 */
export function listFaults(file: string, source: string): Fault[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const faults: Fault[] = [];
  const text = ({ start, end }: Node) => source.slice(start, end);
  const add = (kind: Kind, start: number, end: number, replacement: string) =>
    faults.push({ kind, start, end, text: replacement });
  /** The operator between two nodes, wherever comments or spaces stand. */
  const between = (left: Node, right: Node, operator: string) => {
    const start = left.end + source.slice(left.end, right.start).lastIndexOf(operator);
    return [start, start + operator.length] as const;
  };

  const visit = (node: Node): void => {
    switch (node.type) {
      case "BinaryExpression":
      case "LogicalExpression":
      case "AssignmentExpression": {
        const operator = node["operator"] as string;
        const place = between(node["left"] as Node, node["right"] as Node, operator);
        const other = OPERATORS[operator];
        const edge = BOUNDARIES[operator];
        const isText = operator.startsWith("+") && [node["left"], node["right"]].some(isString);
        if (other !== undefined && !isText) {
          // `a ?? b` cannot stand beside `&&` without parentheses.
          if (operator === "??")
            add("operator", node.start, node.end, `(${text(node["left"] as Node)})`);
          else add("operator", ...place, other);
        }
        if (edge !== undefined) add("boundary", ...place, edge);
        break;
      }
      case "UpdateExpression": {
        const operator = node["operator"] as string;
        const start = node["prefix"] === true ? node.start : node.end - operator.length;
        add("operator", start, start + operator.length, OPERATORS[operator] as string);
        break;
      }
      case "UnaryExpression":
        if (node["operator"] === "!") add("condition", node.start, node.start + 1, "!!");
        break;
      case "Literal":
        constant(node);
        break;
      case "IfStatement": {
        const test = node["test"] as Node;
        add("condition", test.start, test.end, `!(${text(test)})`);
        if (node["alternate"] === null) add("check", node.start, node.end, "{}");
        break;
      }
      case "ConditionalExpression": {
        const test = node["test"] as Node;
        add("condition", test.start, test.end, `!(${text(test)})`);
        break;
      }
      case "ExpressionStatement":
        if (
          typeof node["directive"] !== "string" &&
          (node["expression"] as { callee?: Node }).callee?.type !== "Super"
        )
          add("statement", node.start, node.end, "{}");
        break;
      case "AwaitExpression":
        add("await", node.start, (node["argument"] as Node).start, "");
        break;
      case "CallExpression":
        call(node);
        break;
    }
    if (FUNCTIONS.has(node.type)) early(node);
    for (const [name, child] of Object.entries(node)) {
      if (name === "typeAnnotation" || name === "typeArguments" || name === "typeParameters")
        continue;
      for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) enter(one);
    }
  };
  const enter = (node: Node) => {
    if (node.type.startsWith("TS") && !("expression" in node)) return;
    if (node.type.startsWith("Import") && node.type !== "ImportExpression") return;
    if (node.type === "ExportAllDeclaration" || node.type === "ThrowStatement") return;
    if ((node["callee"] as Node | undefined)?.type === "Super") return;
    visit(node);
  };
  const constant = (node: Node) => {
    const { value, raw } = node as unknown as { value: unknown; raw: string };
    if (typeof value === "boolean") add("constant", node.start, node.end, String(!value));
    if (typeof value === "number") add("constant", node.start, node.end, String(value + 1));
    if (typeof value === "bigint" || /^\d+n$/.test(raw))
      add(
        "constant",
        node.start,
        node.end,
        `${BigInt(raw.slice(0, -1).replaceAll("_", "")) + 1n}n`,
      );
  };
  const call = (node: Node) => {
    const callee = node["callee"] as Node;
    if (callee.type !== "MemberExpression" || callee["computed"] === true) return;
    const [object, property] = [callee["object"] as Node, callee["property"] as Node];
    const name = text(property);
    if (STEPS.has(name)) add("call", object.end, node.end, "");
    const twin = TWINS[name];
    if (Object.hasOwn(TWINS, name) && twin !== undefined)
      add("call", property.start, property.end, twin);
  };
  /** A function that answers nothing ends before it begins; a loop in it is another one's place. */
  const early = (node: Node) => {
    const body = node["body"] as Node | null;
    if (body?.type !== "BlockStatement" || node["generator"] === true) return;
    const statements = body["body"] as Node[];
    if (statements.length > 1 && !statements.some(answers))
      add("return", body.start + 1, body.start + 1, " return;");
  };

  enter(program as unknown as Node);
  return faults.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The source with the fault in it. */
export function withFault(source: string, { start, end, text }: Fault): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** The lines that a fault changes, as a diff shows them. */
export function showFault(source: string, fault: Fault): { line: number; diff: string } {
  const from = source.lastIndexOf("\n", fault.start - 1) + 1;
  const to = source.indexOf("\n", fault.end);
  const before = source.slice(from, to === -1 ? undefined : to);
  const after = withFault(source, fault).slice(
    from,
    from + before.length + fault.text.length - (fault.end - fault.start),
  );
  const mark = (text: string, sign: string) =>
    text
      .split("\n")
      .map((line) => `${sign} ${line}`)
      .join("\n");
  return {
    line: source.slice(0, from).split("\n").length,
    diff: `${mark(before, "-")}\n${mark(after, "+")}`,
  };
}

/** Whether a statement can end its function with a value. Functions inside it are others. */
function answers(node: Node): boolean {
  if (FUNCTIONS.has(node.type)) return false;
  if (node.type === "ReturnStatement") return node["argument"] !== null;
  if (LOOPS.has(node.type)) return answers(node["body"] as Node);
  return Object.values(node).some((child) =>
    (Array.isArray(child) ? child : [child]).some((one) => isNode(one) && answers(one)),
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function isString(node: unknown): boolean {
  if (!isNode(node)) return false;
  return (
    node.type === "TemplateLiteral" ||
    (node.type === "Literal" && typeof node["value"] === "string") ||
    (node.type === "BinaryExpression" && (isString(node["left"]) || isString(node["right"])))
  );
}
