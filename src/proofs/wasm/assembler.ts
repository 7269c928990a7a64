/**
 * As much of a WebAssembly assembler as the prover's kernels need: functions on 32-bit addresses, 128-bit vectors, one imported memory.
 * Code is a list of bytes in the stack machine's order; every helper takes the code of its operands and appends its own instruction.
 */
export type Code = readonly number[];

/** A local variable: `get` is the code that reads it, `set` gives the code that writes it. */
export type Local = { readonly get: Code; readonly set: (value: Code) => Code };

const EMPTY_BLOCK = 0x40;
export const END = 0x0b;

export const seq = (...parts: readonly Code[]): Code => parts.flat();
/** The code of `count` repetitions with their number. */
export const each = (count: number, part: (i: number) => Code): Code =>
  seq(...Array.from({ length: count }, (_, i) => part(i)));

/** Unsigned LEB128. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

/** Signed LEB128 of a 64-bit integer. */
function signed(value: bigint): Code {
  const bytes: number[] = [];
  for (;;) {
    const low = Number(value & 127n);
    value >>= 7n;
    if ((value === 0n && low < 64) || (value === -1n && low >= 64)) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
const binary =
  (opcode: Code) =>
  (a: Code, b: Code): Code =>
    seq(a, b, opcode);
/** Alignment hints: 2^n bytes; they change nothing but speed, and unaligned addresses are allowed. */
const at = (offset: number, alignment: number): Code => [alignment, ...unsigned(offset)];

export const i32 = (value: number): Code => [0x41, ...signed(BigInt(value | 0))];
export const i64 = (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))];
export const addInt = binary([0x6a]);
export const subInt = binary([0x6b]);
export const mulInt = binary([0x6c]);
export const andInt = binary([0x71]);
export const xorInt = binary([0x73]);
export const orInt = binary([0x72]);
export const shiftLeftInt = binary([0x74]);
export const shiftRightInt = binary([0x76]);
export const equalInt = binary([0x46]);
export const lessInt = binary([0x49]); // unsigned
export const loadInt = (address: Code, offset = 0): Code => seq(address, [0x28], at(offset, 2));
/** A 32-bit integer as 64 bits; 64-bit shift to the left. */
export const widen = (a: Code): Code => seq(a, [0xad]);
export const shiftLeftLong = binary([0x86]);

export const load = (address: Code, offset = 0): Code => seq(address, simd(0), at(offset, 4));
export const store = (address: Code, offset: number, value: Code): Code =>
  seq(address, value, simd(11), at(offset, 4));
/** Both lanes from one 64-bit word. */
export const loadBoth = (address: Code, offset: number): Code =>
  seq(address, simd(10), at(offset, 3));
/** Lane 0 from one address, lane 1 from another. */
export const gather = (first: Code, second: Code, offset: number): Code =>
  seq(second, seq(first, simd(0x5d), at(offset, 3)), simd(0x57), at(offset, 3), [1]);
/** One lane to an address. */
export const scatter = (address: Code, offset: number, value: Code, lane: 0 | 1): Code =>
  seq(address, value, simd(0x5b), at(offset, 3), [lane]);
/** Two 64-bit integers as a vector. */
export const lanes = (first: Code, second: Code): Code =>
  seq(first, simd(0x12), second, simd(0x1e), [1]);
/** The two lanes taken from the four of (a, b): 0 and 1 are a's, 2 and 3 are b's. */
export const shuffle = (a: Code, b: Code, first: number, second: number): Code =>
  seq(
    a,
    b,
    simd(13),
    [first, second].flatMap((lane) => Array.from({ length: 8 }, (_, i) => 8 * lane + i)),
  );

// Lanes as 64-bit integers.
export const and = binary(simd(0x4e));
export const or = binary(simd(0x50));
export const xor = binary(simd(0x51));
export const addLong = binary(simd(0xce));
export const subLong = binary(simd(0xd1));
export const shiftLeft = (a: Code, bits: number): Code => seq(a, i32(bits), simd(0xcb));
/** Logical: zeros come in. */
export const shiftRight = (a: Code, bits: number): Code => seq(a, i32(bits), simd(0xcd));
// Lanes as doubles.
export const add = binary(simd(0xf0));
export const sub = binary(simd(0xf1));
export const negate = (a: Code): Code => seq(a, simd(0xed));
export const nearest = (a: Code): Code => seq(a, simd(0x94));
/** a*b + c of relaxed SIMD. This code needs it rounded once; an engine may round twice, which the self-test finds out. */
export const fma = (a: Code, b: Code, c: Code): Code => seq(a, b, c, simd(0x107));

/** Repeats `body` until `counter` has gone down from its value (at least 1) to 0. */
export const countDown = (counter: Local, body: Code): Code =>
  seq([0x03, EMPTY_BLOCK], body, counter.set(subInt(counter.get, i32(1))), counter.get, [
    0x0d,
    0,
    END,
  ]);
export const when = (condition: Code, then: Code, otherwise: Code = []): Code =>
  seq(condition, [0x04, EMPTY_BLOCK], then, otherwise.length === 0 ? [] : seq([0x05], otherwise), [
    END,
  ]);
export const unreachable: Code = [0x00];
export const advance = (pointer: Local, bytes: number): Code =>
  pointer.set(addInt(pointer.get, i32(bytes)));
