import type { Main } from "./variants.ts";

const main = (name: string, include: string, body: string): Main => ({
  name,
  source: `pragma circom 2.2.0;\ninclude "circomlib/circuits/bitify.circom";\ninclude "../../../circuits/lib/${include}.circom";\ntemplate Main() {\n${body}\n}\ncomponent main = Main();\n`,
});

const point = (bus: "EdwardsPoint" | "MontgomeryPoint", name: string, input: string) => {
  const [first, second] = bus === "EdwardsPoint" ? ["x", "y"] : ["u", "v"];
  return `signal input ${input}[2]; ${bus}() ${name}; ${name}.${first} <== ${input}[0]; ${name}.${second} <== ${input}[1];`;
};
const result = (bus: "EdwardsPoint" | "MontgomeryPoint", value: string) => {
  const [first, second] = bus === "EdwardsPoint" ? ["x", "y"] : ["u", "v"];
  return `signal output out[2]; ${bus}() O <== ${value}; out[0] <== O.${first}; out[1] <== O.${second};`;
};

/** Each gadget of the curve alone, with inputs `in` (and `other`) and output `out`. */
export const EDWARDS_TO_MONTGOMERY = main(
  "edwards_to_montgomery",
  "montgomery",
  `${point("EdwardsPoint", "I", "in")} ${result("MontgomeryPoint", "EdwardsToMontgomery()(I)")}`,
);
export const MONTGOMERY_TO_EDWARDS = main(
  "montgomery_to_edwards",
  "montgomery",
  `${point("MontgomeryPoint", "I", "in")} ${result("EdwardsPoint", "MontgomeryToEdwards()(I)")}`,
);
export const THERE_AND_BACK = main(
  "there_and_back",
  "montgomery",
  `${point("EdwardsPoint", "I", "in")} ${result("EdwardsPoint", "MontgomeryToEdwards()(EdwardsToMontgomery()(I))")}`,
);
export const MONTGOMERY_ON_CURVE = main(
  "montgomery_on_curve",
  "montgomery",
  `${point("MontgomeryPoint", "I", "in")} MontgomeryOnCurve()(I);`,
);
export const MONTGOMERY_DOUBLE = main(
  "montgomery_double",
  "montgomery",
  `${point("MontgomeryPoint", "I", "in")} ${result("MontgomeryPoint", "MontgomeryDouble()(I)")}`,
);
export const ADD_ORDER_TWO = main(
  "add_order_two",
  "montgomery",
  `${point("MontgomeryPoint", "I", "in")} ${result("MontgomeryPoint", "AddOrderTwo()(I)")}`,
);
export const MONTGOMERY_ADD = main(
  "montgomery_add",
  "montgomery",
  `${point("MontgomeryPoint", "I", "in")} ${point("MontgomeryPoint", "J", "other")} ${result("MontgomeryPoint", "MontgomeryAdd()(I, J)")}`,
);
export const MONTGOMERY_DOUBLE_AND_ADD = main(
  "montgomery_double_and_add",
  "montgomery",
  `${point("MontgomeryPoint", "I", "in")} ${point("MontgomeryPoint", "J", "other")} ${result("MontgomeryPoint", "MontgomeryDoubleAndAdd()(I, J)")}`,
);
export const EDWARDS_ADD = main(
  "edwards_add",
  "edwards",
  `${point("EdwardsPoint", "I", "in")} ${point("EdwardsPoint", "J", "other")} ${result("EdwardsPoint", "EdwardsAdd()(I, J)")}`,
);
export const IS_ACCEPTABLE = main(
  "is_acceptable",
  "edwards",
  `${point("EdwardsPoint", "I", "in")} signal output onCurve; signal output notSmallOrder; component test = IsAcceptable(); test.in <== I; onCurve <== test.onCurve; notSmallOrder <== test.notSmallOrder;`,
);

/** E·key with E = 2^n + 2b + 1, of a key in Edwards coordinates, in Montgomery coordinates. */
export const oddMultiple = (n: number): Main =>
  main(
    `odd_multiple_${n}`,
    "variable_base",
    `${point("EdwardsPoint", "I", "in")} signal input b; ${result("MontgomeryPoint", `OddMultiple(${n})(EdwardsToMontgomery()(I), b)`)}`,
  );

/** The shared point S of an R in Edwards coordinates, as a row has it. */
export const sharedPoint = (n: number): Main =>
  main(
    `shared_point_${n}`,
    "half_size",
    `
  signal input c1; signal input c2; ${point("EdwardsPoint", "R", "in")} signal input root[2]; signal output S[2];
  component shared = HalfSizeMultiple(${n});
  shared.R <== EdwardsToMontgomery()(R);
  shared.root.u <== root[0];
  shared.root.v <== root[1];
  shared.digits <== DecomposeHalfSize(${n})(c1, c2);
  S[0] <== shared.S.u;
  S[1] <== shared.S.v;`,
  );
