// Runs a layer of strings through what real Keras recorded of it: config, vocabulary, weights, outputs.
import { expect, test } from "vitest";
import { Tensor } from "../../src/engine/index.ts";
import { deserialize, type Strings, type TokenInputs } from "../../src/keras/layers/index.ts";
import { nestTokens, tokensOf } from "../../src/keras/layers/preprocessing/token_layer.ts";
import { type ArrayRecord, expectClose, isArrayRecord, loadFixture } from "./fixtures.ts";

/** The layers whose inputs or outputs can be strings. */
export const tokenLayers: readonly string[] = [
  ...["HashedCrossing", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization"],
];

interface TokenCase {
  readonly id: string;
  readonly note: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly [ArrayRecord | readonly ArrayRecord[]];
  readonly adapt_data?: ArrayRecord;
  readonly vocabulary?: readonly (string | number)[];
  /** Shown by the outputs, which are their products with counts. */
  readonly idf_weights?: ArrayRecord;
  readonly output: ArrayRecord;
  readonly output_shape: readonly number[];
}

const checked = [
  ...[
    "id",
    "note",
    "source",
    "config",
    "inputs",
    "adapt_data",
    "vocabulary",
    "idf_weights",
    "output",
    "output_shape",
  ],
];

interface TokenLayerLike {
  (inputs: TokenInputs | readonly TokenInputs[]): Tensor | Strings;
  adapt(data: TokenInputs): void;
  getVocabulary(): (string | number)[];
  vocabularySize(): number;
  getConfig(): unknown;
}

const nested = ({ data, shape }: ArrayRecord): TokenInputs => nestTokens(data!, shape) as TokenInputs;

/** One test for each case of a layer's fixtures. */
export function testTokenLayerFixture(name: string): void {
  for (const c of loadFixture<TokenCase>("layers", name).cases) {
    test(`${c.id}: ${c.note}`, () => {
      expect(Object.keys(c).filter((part) => !checked.includes(part))).toEqual([]);
      checkTokenCase(name, c);
    });
  }
}

function checkTokenCase(name: string, c: TokenCase): void {
  const { config } = c;
  const made = deserialize({ module: "keras.layers", class_name: name, config, registered_name: null });
  const layer = made as unknown as TokenLayerLike;
  expect(JSON.parse(JSON.stringify(layer.getConfig()))).toEqual(config);
  if (c.adapt_data !== undefined) layer.adapt(nested(c.adapt_data));
  expect(c.vocabulary && layer.getVocabulary()).toEqual(c.vocabulary);
  expect(c.vocabulary && layer.vocabularySize()).toBe(c.vocabulary?.length);
  const [input] = c.inputs;
  const output = layer(isArrayRecord(input) ? nested(input) : input.map(nested));
  expectOutput(output, c.output);
  expect(shapeOf(output)).toEqual(c.output_shape);
}

function expectOutput(output: Tensor | Strings, expected: ArrayRecord): void {
  if (expected.dtype === "string") {
    expect(output).toEqual(nested(expected));
    return;
  }
  expectClose(output as Tensor, expected);
  // The whole numbers of this library are int32.
  expect((output as Tensor).dtype).toBe(expected.dtype.replace("int64", "int32"));
}

function shapeOf(output: Tensor | Strings): readonly number[] {
  return output instanceof Tensor ? output.shape : tokensOf(output, "output").shape;
}
