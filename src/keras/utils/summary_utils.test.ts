// The tables are what Keras 3.15 prints on a terminal of 80 columns.
import { beforeEach, describe, expect, test } from "vitest";
import { Concatenate, Dense, Dropout, Flatten, Input, type Tensors } from "../layers/index.ts";
import { Model, type ModelSummaryOptions, Sequential } from "../models/index.ts";
import * as ops from "../ops/index.ts";
import { clearSession } from "./naming.ts";
import { summaryText } from "./summary_utils.ts";

beforeEach(() => clearSession());

function printed(model: Model<Tensors>, options: ModelSummaryOptions = {}): string {
  const texts: string[] = [];
  model.summary({ lineLength: 76, ...options, printFn: (text) => texts.push(text) });
  expect(texts.length).toBe(1);
  return texts[0]!;
}

describe("summary", () => {
  const tutorial = (): Sequential =>
    new Sequential([Input([1]), new Dense(20, { activation: "tanh" }), new Dense(1)]);

  test("is the table of Keras", () => {
    expect(printed(tutorial())).toBe(`Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ dense (Dense)                   │ (None, 20)             │            40 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_1 (Dense)                 │ (None, 1)              │            21 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 61 (244.00 B)
 Trainable params: 61 (244.00 B)
 Non-trainable params: 0 (0.00 B)`);
  });

  test("shows what is trainable", () => {
    expect(printed(tutorial(), { showTrainable: true })).toBe(`Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━┓
┃ Layer (type)                ┃ Output Shape          ┃    Param # ┃ Trai… ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━┩
│ dense (Dense)               │ (None, 20)            │         40 │   Y   │
├─────────────────────────────┼───────────────────────┼────────────┼───────┤
│ dense_1 (Dense)             │ (None, 1)             │         21 │   Y   │
└─────────────────────────────┴───────────────────────┴────────────┴───────┘
 Total params: 61 (244.00 B)
 Trainable params: 61 (244.00 B)
 Non-trainable params: 0 (0.00 B)`);
  });

  test("shows what is not built yet", () => {
    const inner = tutorial();
    const model = new Sequential([new Dense(3), inner, new Dropout(0.5)], { name: "outer" });
    expect(printed(model)).toBe(`Model: "outer"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ dense_2 (Dense)                 │ ?                      │   0 (unbuilt) │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ sequential (Sequential)         │ (None, 1)              │            61 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dropout (Dropout)               │ ?                      │             0 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 61 (244.00 B)
 Trainable params: 61 (244.00 B)
 Non-trainable params: 0 (0.00 B)`);
  });

  test("shows the layers of models inside", () => {
    const inner = tutorial();
    const model = new Sequential([Input([1]), inner, new Dropout(0.5, { name: "dropout_1" })], {
      name: "outer_with_a_long_name",
    });
    expect(printed(model, { expandNested: true })).toBe(`Model: "outer_with_a_long_name"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ sequential (Sequential)         │ (None, 1)              │            61 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│    └ dense (Dense)              │ (None, 20)             │            40 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│    └ dense_1 (Dense)            │ (None, 1)              │            21 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dropout_1 (Dropout)             │ (None, 1)              │             0 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 61 (244.00 B)
 Trainable params: 61 (244.00 B)
 Non-trainable params: 0 (0.00 B)`);
  });

  const long = (): Sequential => {
    const model = new Sequential(
      [
        Input([1]),
        new Dense(1500, { name: "a_layer_with_a_very_long_name_indeed_that_wraps_around_it_for_sure" }),
        new Dense(10, { name: "dense_3" }),
        new Dropout(0.5, { name: "dropout_2" }),
        new Flatten({ name: "flatten" }),
      ],
      { name: "outer_with_a_long_name" },
    );
    model.layers[0]!.trainable = false;
    return model;
  };

  test("wraps and cuts names on a short line", () => {
    expect(printed(long(), { lineLength: 60 })).toBe(`Model: "outer_with_a_long_name"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
┃ Layer (type)             ┃ Output Shape      ┃   Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
│ a_layer_with_a_very_lon… │ (None, 1500)      │     3,000 │
│ (Dense)                  │                   │           │
├──────────────────────────┼───────────────────┼───────────┤
│ dense_3 (Dense)          │ (None, 10)        │    15,010 │
├──────────────────────────┼───────────────────┼───────────┤
│ dropout_2 (Dropout)      │ (None, 10)        │         0 │
├──────────────────────────┼───────────────────┼───────────┤
│ flatten (Flatten)        │ (None, 10)        │         0 │
└──────────────────────────┴───────────────────┴───────────┘
 Total params: 18,010 (70.35 KB)
 Trainable params: 15,010 (58.63 KB)
 Non-trainable params: 3,000 (11.72 KB)`);
    expect(printed(long(), { lineLength: 60, showTrainable: true })).toBe(`Model: "outer_with_a_long_name"
┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━┓
┃ Layer (type)          ┃ Output Shape     ┃ Param # ┃ Tr… ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━┩
│ a_layer_with_a_very_… │ (None, 1500)     │   3,000 │  N  │
│ (Dense)               │                  │         │     │
├───────────────────────┼──────────────────┼─────────┼─────┤
│ dense_3 (Dense)       │ (None, 10)       │  15,010 │  Y  │
├───────────────────────┼──────────────────┼─────────┼─────┤
│ dropout_2 (Dropout)   │ (None, 10)       │       0 │  -  │
├───────────────────────┼──────────────────┼─────────┼─────┤
│ flatten (Flatten)     │ (None, 10)       │       0 │  -  │
└───────────────────────┴──────────────────┴─────────┴─────┘
 Total params: 18,010 (70.35 KB)
 Trainable params: 15,010 (58.63 KB)
 Non-trainable params: 3,000 (11.72 KB)`);
  });

  test("counts the variables of the optimizer", () => {
    const model = long();
    const slots = (): { shape: readonly number[]; dtype: "float32" }[] =>
      model.trainableWeights.map(({ shape }) => ({ shape, dtype: "float32" }));
    const scalars = [
      { shape: [], dtype: "int32" as const },
      { shape: [], dtype: "float32" as const },
    ];
    const optimizer = { built: true, variables: [...scalars, ...slots(), ...slots()] };
    const { name, layers, trainableWeights, nonTrainableWeights } = model;
    const text = summaryText(
      { name, layers, trainableWeights, nonTrainableWeights, optimizer },
      { lineLength: 76 },
    );
    expect(text).toBe(`Model: "outer_with_a_long_name"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ a_layer_with_a_very_long_name_… │ (None, 1500)           │         3,000 │
│ (Dense)                         │                        │               │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_3 (Dense)                 │ (None, 10)             │        15,010 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dropout_2 (Dropout)             │ (None, 10)             │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ flatten (Flatten)               │ (None, 10)             │             0 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 48,032 (187.62 KB)
 Trainable params: 15,010 (58.63 KB)
 Non-trainable params: 3,000 (11.72 KB)
 Optimizer params: 30,022 (117.27 KB)`);
  });

  test("of an empty model is an empty table", () => {
    expect(printed(new Sequential(null, { name: "sequential_1" }))).toBe(`Model: "sequential_1"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 0 (0.00 B)
 Trainable params: 0 (0.00 B)
 Non-trainable params: 0 (0.00 B)`);
  });

  test("of a graph says what is connected to what, and of which call and output", () => {
    const [a, b, x] = [Input([4], { name: "a" }), Input([4], { name: "b" }), Input([4], { name: "enc_in" })];
    const [e1, e2] = [new Dense(3, { name: "e1" }), new Dense(2, { name: "e2" })];
    const encoder = new Model({ inputs: x, outputs: [e1(x), e2(x)], name: "enc" });
    const tail = new Sequential([new Dense(5, { name: "t1" }), new Dropout(0.1, { name: "t2" })], {
      name: "tail",
    });
    const [p, q] = encoder(a);
    const [r, s] = encoder(b);
    const z = new Concatenate({ name: "cat" })([p, r, q, s]);
    const outputs = { out: tail(z.multiply(2)), sq: ops.square(q) };
    const model = new Model({ inputs: [a, b], outputs, name: "outer" });
    encoder.trainable = false;
    expect(printed(model, { lineLength: 80 })).toBe(`Model: "outer"
┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ Layer (type)          ┃ Output Shape      ┃     Param # ┃ Connected to       ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ a (InputLayer)        │ (None, 4)         │           0 │ -                  │
├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
│ b (InputLayer)        │ (None, 4)         │           0 │ -                  │
├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
│ enc (Functional)      │ [(None, 3),       │          25 │ a[0][0], b[0][0]   │
│                       │ (None, 2)]        │             │                    │
├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
│ cat (Concatenate)     │ (None, 10)        │           0 │ enc[0][0],         │
│                       │                   │             │ enc[1][0],         │
│                       │                   │             │ enc[0][1],         │
│                       │                   │             │ enc[1][1]          │
├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
│ multiply (Multiply)   │ (None, 10)        │           0 │ cat[0][0]          │
├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
│ tail (Sequential)     │ (None, 5)         │          55 │ multiply[0][0]     │
├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
│ square (Square)       │ (None, 2)         │           0 │ enc[0][1]          │
└───────────────────────┴───────────────────┴─────────────┴────────────────────┘
 Total params: 80 (320.00 B)
 Trainable params: 55 (220.00 B)
 Non-trainable params: 25 (100.00 B)`);
    expect(printed(model, { lineLength: 92, expandNested: true, showTrainable: true })).toBe(`Model: "outer"
┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)          ┃ Output Shape        ┃      Param # ┃ Connected to      ┃ Traina… ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ a (InputLayer)        │ (None, 4)           │            0 │ -                 │    -    │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│ b (InputLayer)        │ (None, 4)           │            0 │ -                 │    -    │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│ enc (Functional)      │ [(None, 3), (None,  │           25 │ a[0][0], b[0][0]  │    N    │
│                       │ 2)]                 │              │                   │         │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│    └ enc_in           │ (None, 4)           │            0 │ -                 │    -    │
│ (InputLayer)          │                     │              │                   │         │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│    └ e1 (Dense)       │ (None, 3)           │           15 │ -                 │    N    │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│    └ e2 (Dense)       │ (None, 2)           │           10 │ -                 │    N    │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│ cat (Concatenate)     │ (None, 10)          │            0 │ enc[0][0],        │    -    │
│                       │                     │              │ enc[1][0],        │         │
│                       │                     │              │ enc[0][1],        │         │
│                       │                     │              │ enc[1][1]         │         │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│ multiply (Multiply)   │ (None, 10)          │            0 │ cat[0][0]         │    -    │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│ tail (Sequential)     │ (None, 5)           │           55 │ multiply[0][0]    │    Y    │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│    └ t1 (Dense)       │ (None, 5)           │           55 │ -                 │    Y    │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│    └ t2 (Dropout)     │ (None, 5)           │            0 │ -                 │    -    │
├───────────────────────┼─────────────────────┼──────────────┼───────────────────┼─────────┤
│ square (Square)       │ (None, 2)           │            0 │ enc[0][1]         │    -    │
└───────────────────────┴─────────────────────┴──────────────┴───────────────────┴─────────┘
 Total params: 80 (320.00 B)
 Trainable params: 55 (220.00 B)
 Non-trainable params: 25 (100.00 B)`);
    expect(printed(model, { lineLength: 80, layerRange: ["enc", "cat"] })).toBe(`Model: "outer"
┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ Layer (type)          ┃ Output Shape      ┃     Param # ┃ Connected to       ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ enc (Functional)      │ [(None, 3),       │          25 │ a[0][0], b[0][0]   │
│                       │ (None, 2)]        │             │                    │
├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
│ cat (Concatenate)     │ (None, 10)        │           0 │ enc[0][0],         │
│                       │                   │             │ enc[1][0],         │
│                       │                   │             │ enc[0][1],         │
│                       │                   │             │ enc[1][1]          │
└───────────────────────┴───────────────────┴─────────────┴────────────────────┘
 Total params: 80 (320.00 B)
 Trainable params: 55 (220.00 B)
 Non-trainable params: 25 (100.00 B)`);
  });

  test("of a graph without branches is a list with its input; a layer that is called twice makes branches", () => {
    const c = Input([4], { name: "c" });
    const chain = new Dense(1, { name: "d2" })(new Dense(2, { name: "d1" })(c));
    expect(
      printed(new Model({ inputs: c, outputs: chain, name: "chain" }), { lineLength: 60 }),
    ).toBe(`Model: "chain"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
┃ Layer (type)             ┃ Output Shape      ┃   Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
│ c (InputLayer)           │ (None, 4)         │         0 │
├──────────────────────────┼───────────────────┼───────────┤
│ d1 (Dense)               │ (None, 2)         │        10 │
├──────────────────────────┼───────────────────┼───────────┤
│ d2 (Dense)               │ (None, 1)         │         3 │
└──────────────────────────┴───────────────────┴───────────┘
 Total params: 13 (52.00 B)
 Trainable params: 13 (52.00 B)
 Non-trainable params: 0 (0.00 B)`);
    const shared = new Dense(4, { name: "sh" });
    const twice = new Model({ inputs: c, outputs: shared(shared(c)), name: "twice" });
    expect(printed(twice, { lineLength: 70 })).toBe(`Model: "twice"
┏━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┓
┃ Layer (type)       ┃ Output Shape    ┃  Param # ┃ Connected to     ┃
┡━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━┩
│ c (InputLayer)     │ (None, 4)       │        0 │ -                │
├────────────────────┼─────────────────┼──────────┼──────────────────┤
│ sh (Dense)         │ (None, 4)       │       20 │ c[0][0],         │
│                    │                 │          │ sh[0][0]         │
└────────────────────┴─────────────────┴──────────┴──────────────────┘
 Total params: 20 (80.00 B)
 Trainable params: 20 (80.00 B)
 Non-trainable params: 0 (0.00 B)`);
  });

  test("takes a range of layers and positions of columns, and refuses bad ones", () => {
    const model = long();
    const names = (range: readonly [string, string]): number =>
      printed(model, { layerRange: range })
        .split("\n")
        .filter((line) => /^│ \w/.test(line)).length;
    expect(names(["dense_3", "dropout"])).toBe(2);
    expect(names(["dropout", "dense_3"])).toBe(2);
    expect(() => printed(model, { layerRange: ["x", "y"] })).toThrow(/layerRange/);
    expect(printed(tutorial(), { lineLength: 60, positions: [0.5, 0.75, 0.9] }).split("\n")[1]).toHaveLength(
      60,
    );
    expect(() => printed(model, { positions: [0.5, 1] })).toThrow(/expected 3 positions/);
    expect(() => printed(model, { lineLength: 10 })).toThrow(/too short/);
    expect(() => model.summary({ linelength: 3 } as object)).toThrow(/Did you mean "lineLength"\?/);
  });
});
