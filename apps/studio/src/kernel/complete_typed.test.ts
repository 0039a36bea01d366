/** Completion from types, on an index made by hand. */
import { describe, expect, test } from "vitest";
import type { ApiIndex } from "./api_index.ts";
import { complete } from "./complete.ts";
import { completeTyped } from "./complete_typed.ts";

const api: ApiIndex = {
  modules: {
    tsuno: { layers: "tsuno/layers", np: "tsuno/numpy", Sequential: 4 },
    "tsuno/layers": { Dense: 1, DenseOptions: 2 },
    "tsuno/numpy": { linspace: 5, pi: 6 },
    "tsuno/models": { Sequential: 4 },
  },
  symbols: [
    {
      name: "Layer",
      kind: "class",
      takes: [3],
      members: { getWeights: { kind: "method", doc: "All weights.", signature: "(): Tensor[]" } },
    },
    {
      name: "Dense",
      kind: "class",
      doc: "A dense layer.",
      takes: [null, 2],
      from: [0],
      members: { units: { kind: "property", signature: ": number" } },
      statics: { className: { kind: "property" } },
    },
    {
      name: "DenseOptions",
      kind: "interface",
      from: [3],
      members: { activation: { kind: "property", doc: "Default none.", strings: ["relu", "tanh"] } },
    },
    { name: "LayerOptions", kind: "interface", members: { name: { kind: "property" } } },
    {
      name: "Sequential",
      kind: "class",
      from: [0],
      takes: [],
      members: { fit: { kind: "method", takes: [null, null, 8], to: 9 } },
    },
    { name: "linspace", kind: "function", signature: "(start, stop): Tensor", to: 7, takes: [] },
    { name: "pi", kind: "const", signature: ": number" },
    {
      name: "Tensor",
      kind: "class",
      members: { reshape: { kind: "method", to: 7 }, shape: { kind: "property" } },
    },
    {
      name: "FitOptions",
      kind: "interface",
      members: { epochs: { kind: "property" }, batchSize: { kind: "property" } },
    },
    { name: "History", kind: "class", members: { history: { kind: "property" } } },
  ],
};

const imports =
  'import { layers, np, Sequential } from "tsuno";\nimport { Dense as Full } from "tsuno/layers";\n';
const labels = (text: string, before = imports): string[] | undefined =>
  completeTyped(text, before, api)?.options.map(({ label }) => label);

describe("options of constructors and methods", () => {
  test.each([
    ["new layers.Dense(3, { ", ["activation", "name"]],
    ["new Full(3, { name: 'x', ac", ["activation"]],
    [
      "const m = new Sequential([new layers.Dense(3, { activation: 'relu' }), new layers.Dense(1, {",
      ["activation", "name"],
    ],
    ["const m = new Sequential();\nawait m.fit(x, [1, { a: 2 }], { epochs: f(1, 2), ", ["batchSize"]],
    ['new layers.Dense(3, { activation: "', ["relu", "tanh"]],
    ['new layers.Dense(3, { activation: "re', ["relu", "tanh"]],
    ["new layers.Dense({", undefined],
    ["const o = { ", undefined],
  ])("%s", (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });
});

describe("members", () => {
  test.each([
    ["layers.", ["Dense"]],
    ["np.linspace(0, 1).", ["reshape", "shape"]],
    ["np.linspace(0, 1)\n  .reshape([1, -1])\n  .re", ["reshape", "shape"]],
    ["const d = new layers.Dense(3);\nd.", ["units", "getWeights"]],
    ["const m = new Sequential();\nconst h = await m.fit(x, y);\nh.", ["history"]],
    ["Full.", ["className"]],
    ["unknown.", undefined],
    ["np.pi.", []],
    ['"text np.', []],
    ["// np.", undefined],
  ])("%s", (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  test("what ran before counts, the text itself counts more", () => {
    const before = `${imports}const a = new layers.Dense(1);`;
    expect(labels("a.", before)).toEqual(["units", "getWeights"]);
    expect(labels("const a = np.linspace(0, 1);\na.", before)).toEqual(["reshape", "shape"]);
  });
});

test("living objects are described by their types, and exports by their modules", () => {
  const living = { np: { linspace: () => undefined, other: 1 } };
  const source = { global: living, declared: ["np"], modules: {}, api, before: imports };
  expect(complete("np.l", source).options).toEqual([
    { label: "linspace", kind: "function", detail: "(start, stop): Tensor" },
    { label: "other", kind: "constant" },
  ]);
  expect(complete("Den", source).options.at(-1)).toEqual({
    label: "Dense",
    kind: "class",
    detail: "tsuno/layers",
    info: "A dense layer.",
  });
});
