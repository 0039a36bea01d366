/** Primitives that make elements out of nothing but their attributes, and random bits. */
import { arrayOf } from "../../tensor/dtype.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { forEachIndex } from "./indices.ts";
import type { Rules } from "./rule.ts";
import { threefry2x32 } from "./threefry.ts";

export const leaves: Rules<"constant" | "iota" | "rng_bit_generator"> = {
  constant: ({ dtype, shape, attrs }) => new (arrayOf(dtype))(sizeOf(shape)).fill(attrs.value),

  iota({ dtype, shape, attrs }) {
    const out = new (arrayOf(dtype))(sizeOf(shape));
    forEachIndex(shape, (index, place) => {
      out[place] = index[attrs.axis]!;
    });
    return out;
  },

  rng_bit_generator({ shape }, [key]) {
    return Uint32Array.from({ length: sizeOf(shape) }, (_, i) => {
      const [w0, w1] = threefry2x32(key![0]!, key![1]!, 0, i);
      return w0 ^ w1;
    });
  },
};
