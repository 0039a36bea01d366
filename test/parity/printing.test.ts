// Tensors print as NumPy prints arrays.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type ArrayRecord, recordToTensor } from "./fixtures.ts";

const file = new URL("../fixtures/numpy/str.json.gz", import.meta.url);
const cases = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as readonly (ArrayRecord & {
  text: string;
})[];

test.each(cases.map((c, i) => [i, c.dtype, c.shape.join("×"), c] as const))(
  "%i: %s, %s",
  (_, _dtype, _shape, c) => {
    expect(recordToTensor(c).toString()).toBe(c.text);
  },
);
