/** Threefry-2x32 with 20 rounds (Salmon et al., 2011): random bits as a function of a key and a counter. */
import type { Expr, ExprTable } from "../loop_ir/index.ts";

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** Mixed into the third word of the key, so that the zero key is no weak one. */
const parity = 0x1bd11bda;

function asWord(t: ExprTable, x: Expr): Expr {
  return x.type === "uint32" ? x : t.op("bitcast", [x], "uint32");
}

/** Both words of the block for a two-word key and a two-word counter (int32 or uint32; the result is uint32). */
export function threefryBlock(
  t: ExprTable,
  key: readonly [Expr, Expr],
  counter: readonly [Expr, Expr],
): [Expr, Expr] {
  const c = (value: number): Expr => t.const("uint32", value);
  const add = (a: Expr, b: Expr): Expr => t.op("add", [a, b]);
  const xor = (a: Expr, b: Expr): Expr => t.op("xor", [a, b]);
  const k0 = asWord(t, key[0]);
  const k1 = asWord(t, key[1]);
  const keys = [k0, k1, xor(xor(k0, k1), c(parity))] as const;
  let x0 = add(asWord(t, counter[0]), k0);
  let x1 = add(asWord(t, counter[1]), k1);
  for (let group = 0; group < 5; group++) {
    for (const r of rotations[group % 2]!) {
      x0 = add(x0, x1);
      x1 = xor(t.op("or", [t.op("shl", [x1, c(r)]), t.op("shr", [x1, c(32 - r)])]), x0);
    }
    x0 = add(x0, keys[(group + 1) % 3]!);
    x1 = add(x1, add(keys[(group + 2) % 3]!, c(group + 1)));
  }
  return [x0, x1];
}

/** Element `counter` of `rng_bit_generator`: both words of the block for counter (0, `counter`), xored. */
export function threefry(t: ExprTable, key0: Expr, key1: Expr, counter: Expr): Expr {
  const [a, b] = threefryBlock(t, [key0, key1], [t.const("uint32", 0), counter]);
  return t.op("xor", [a, b]);
}
