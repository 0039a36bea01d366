// Layers of strings beyond what Keras's fixtures show.
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../../engine/index.ts";
import { Input } from "../core/input_layer.ts";
import { fingerprint64, sipHash } from "./fingerprint.ts";
import { Hashing } from "./hashing.ts";
import { IntegerLookup } from "./integer_lookup.ts";
import { StringLookup } from "./string_lookup.ts";
import { TextVectorization } from "./text_vectorization.ts";

const numbers = (x: unknown): unknown => (x as Tensor).arraySync();

describe("fingerprint", () => {
  test("SipHash-2-4 gives the vector of its paper", () => {
    const bytes = Uint8Array.from({ length: 15 }, (_, i) => i);
    expect(sipHash(bytes, [0x0706050403020100n, 0x0f0e0d0c0b0a0908n])).toBe(0xa129ca6149be45e5n);
  });

  test("FarmHash of nothing is its constant", () => {
    expect(fingerprint64(new Uint8Array())).toBe(0x9ae16a3b2f90404fn);
  });
});

describe("StringLookup", () => {
  test("goes there and back", () => {
    const vocabulary = ["a", "b", "c"];
    const there = new StringLookup({ vocabulary, maskToken: "" });
    const back = new StringLookup({ vocabulary: there.getVocabulary(), maskToken: "", invert: true });
    expect(numbers(there([["b", "", "z"]]))).toEqual([[3, 0, 1]]);
    expect(back(there([["b", "", "z"]]))).toEqual([["b", "", "[UNK]"]]);
    expect(there.getVocabulary(false)).toEqual(vocabulary);
  });

  test("adapts to batches of a generator, ties from the last to the first", () => {
    function* batches(): Generator<string[][]> {
      yield [["x"], ["y"]];
      yield [["y"], ["a"], ["y"]];
    }
    const layer = new StringLookup({ maxTokens: 3 });
    layer.adapt(batches());
    expect(layer.getVocabulary()).toEqual(["[UNK]", "y", "x"]);
  });

  test("refuses a bad vocabulary and keeps the one it had", () => {
    const layer = new StringLookup();
    layer.setVocabulary(["a"]);
    expect(() => layer.setVocabulary([])).toThrow(/expected a vocabulary/);
    expect(() => layer.setVocabulary(["b", "c", "b"])).toThrow(/more than once: \["b"\]/);
    expect(layer.getVocabulary()).toEqual(["[UNK]", "a"]);
  });

  test("says what is wrong", () => {
    const vocabulary = ["a"];
    expect(() => new StringLookup({ vocabulary, numOovIndices: 0 })(["b"])).toThrow(/not in the vocabulary/);
    expect(() => new StringLookup({ vocabulary })([["a"], ["a", "a"]])).toThrow(/equally long/);
    expect(() => new StringLookup({ vocabulary })([1, 2])).toThrow(/expected strings/);
    expect(() => new StringLookup({ vocabulary }).adapt(["a"])).toThrow(/nothing to adapt/);
    expect(() => new StringLookup({ outputMode: "count" })(["a"])).toThrow(/adapt before/);
    expect(() => new StringLookup({ maxTokens: 1 })).toThrow(/maxTokens/);
    expect(() => new StringLookup({ invert: true, outputMode: "count" })).toThrow(/invert/);
    expect(() => new StringLookup({ vocabulary })(Input({ shape: [1] }) as never)).toThrow(
      /before the model/,
    );
  });
});

test("IntegerLookup counts unknown numbers apart and can hash them", () => {
  const layer = new IntegerLookup({ vocabulary: [5], numOovIndices: 2 });
  expect(numbers(layer([-1, 4, 5]))).toEqual([1, 0, 2]);
  const hashed = new IntegerLookup({ vocabulary: [5], numOovIndices: 7, oovMethod: "farmhash" });
  expect(numbers(hashed([42]))).toEqual(numbers(new Hashing(7)(["42"])));
  expect(() => new IntegerLookup({ salt: 1 })).toThrow(/farmhash/);
});

test("TextVectorization takes functions, columns and texts that are not split", () => {
  const options = {
    vocabulary: ["a", "b"],
    standardize: (s: string) => s.trim(),
    split: (s: string) => s.split("|"),
  };
  expect(numbers(new TextVectorization(options)([[" a|b"], ["b|c|a "]]))).toEqual([
    [2, 3, 0],
    [3, 1, 2],
  ]);
  const whole = new TextVectorization({ vocabulary: ["a b"], split: null });
  expect(numbers(whole([["A b!", "a"]]))).toEqual([[2, 1]]);
  expect(() => new TextVectorization()([["a", "b"]])).toThrow(/samples/);
  expect(() => new TextVectorization({ outputMode: "count", outputSequenceLength: 3 })).toThrow(/Length/);
});
