// Looking into files and editing them, against what Keras's editor does.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { FileError, Tensor, ValueError } from "../../engine/index.ts";
import { Dense, Input, LSTM } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import { KerasFileEditor, type WeightsDict } from "./file_editor.ts";

let folder = "";
let printed = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsuno-editor-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  printed = "";
  vi.spyOn(console, "log").mockImplementation((text: string) => {
    printed += `${text}\n`;
  });
});
afterEach(() => vi.restoreAllMocks());

const make = (units = 3): Sequential =>
  new Sequential(
    [
      Input([4, 2]),
      new LSTM(5, { name: "read" }),
      new Dense(6, { name: "a" }),
      new Dense(units, { name: "b" }),
    ],
    { name: "small" },
  );

async function opened(model: Sequential, name = "x.weights.h5"): Promise<KerasFileEditor> {
  const file = join(folder, name);
  await (name.endsWith(".keras") ? model.save(file) : model.saveWeights(file));
  return KerasFileEditor.open(file);
}

function at(editor: KerasFileEditor, path: string): WeightsDict | Tensor | undefined {
  let found: WeightsDict | Tensor | undefined = editor.weightsDict;
  for (const part of path.split("/")) found = found instanceof Map ? found.get(part) : undefined;
  return found;
}

describe("KerasFileEditor", () => {
  test("summary", async () => {
    const editor = await opened(make(), "x.keras");
    editor.summary();
    expect(printed.replace(/'[^']*x\.keras'/, "'x.keras'").replace(/date: .*/, "date: now")).toBe(
      [
        "Keras model file 'x.keras'",
        "Saved with Keras 3.16.0 - date: now",
        "Weights structure",
        "  > layers ",
        "      ├─ dense ('a')",
        "      │   ├─ 0: shape=(5, 6), dtype=float32",
        "      │   └─ 1: shape=(6,), dtype=float32",
        "      ├─ dense_1 ('b')",
        "      │   ├─ 0: shape=(6, 3), dtype=float32",
        "      │   └─ 1: shape=(3,), dtype=float32",
        "      └─ lstm ('read')",
        "          └─ cell ('lstm_cell')",
        "              ├─ 0: shape=(2, 20), dtype=float32",
        "              ├─ 1: shape=(5, 20), dtype=float32",
        "              └─ 2: shape=(20,), dtype=float32",
        "",
      ]
        .join("\n")
        .replace("layers ", "layers"),
    );
    expect(editor.metadata?.["keras_version"]).toBe("3.16.0");
    expect((editor.config as { class_name: string }).class_name).toBe("Sequential");
  });

  test("compare", async () => {
    const editor = await opened(make());
    expect(editor.compare(make())).toEqual({ status: "success", errorCount: 0, matchCount: 7 });
    expect(printed).toContain("Found 7 matching weights");
    printed = "";
    expect(editor.compare(make(4))).toEqual({ status: "error", errorCount: 2, matchCount: 5 });
    expect(printed).toContain(
      "...Weight shape mismatch for /layers/dense_1/0\n    In reference model: shape=(6, 4)\n    In saved file: shape=(6, 3)",
    );
    printed = "";
    const other = new Sequential([Input([4, 2]), new LSTM(5), new Dense(6)]);
    expect(editor.compare(other)).toEqual({ status: "error", errorCount: 1, matchCount: 5 });
    expect(printed).toContain(
      "...Object /layers/dense_1 present in saved file, missing from reference model",
    );
  });

  test("edited and saved again, the file fits another model", async () => {
    const model = make();
    const editor = await opened(model);
    editor.renameObject("layers/dense_1", "dense_2");
    editor.renameObject("dense", "dense_1");
    editor.addObject("layers/dense", {
      0: [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
        [9, 10],
      ],
      1: [0.5, 0.25],
    });
    expect(at(editor, "layers/dense/1")).toBeInstanceOf(Tensor);
    editor.deleteObject("layers/dense_2");
    editor.addObject("layers/dense_2", { 0: (at(editor, "layers/dense_1/0") as Tensor).slice(0, 2) });
    editor.addWeights("dense_2", { 1: [1, 1, 1], extra: [1] });
    editor.deleteWeight("layers/dense_2", "extra");
    const file = join(folder, "edited.weights.h5");
    await editor.resaveWeights(file);
    const again = await KerasFileEditor.open(file);
    expect([...(at(again, "layers") as WeightsDict).keys()].sort()).toEqual([
      "dense",
      "dense_1",
      "dense_2",
      "lstm",
    ]);
    expect((at(again, "layers/dense/0") as Tensor).arraySync()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
    ]);
    const [, , , kernel] = model.getWeights();
    expect((at(again, "layers/dense_1/0") as Tensor).arraySync()).toEqual(kernel!.arraySync());
    // A model of the same layers takes its weights.
    const whole = make();
    const untouched = await opened(model, "whole.weights.h5");
    await untouched.save(join(folder, "copy.weights.h5"));
    await whole.loadWeights(join(folder, "copy.weights.h5"));
    expect(whole.getWeights().map((w) => w.arraySync())).toEqual(
      model.getWeights().map((w) => w.arraySync()),
    );
  });

  test("what is wrong", async () => {
    const editor = await opened(make());
    expect(() => editor.renameObject("dense", "a/b")).toThrow(/leaf name/);
    expect(() => editor.renameObject("nothing", "x")).toThrow(/does not appear in the model/);
    expect(() => editor.deleteObject("layers/nothing")).toThrow(/Path "layers\/nothing" not found/);
    expect(() => editor.deleteObject("0")).toThrow(/occurs more than once/);
    expect(() => editor.addObject("nothing/x", {})).toThrow(/not found/);
    expect(() => editor.addObject("x", [1] as never)).toThrow(/object of weights/);
    expect(() => editor.deleteWeight("dense", "9")).toThrow(/Weights found: 0, 1/);
    expect(() => editor.addWeights("layers/dense/0", { 1: [1] })).toThrow(ValueError);
    await expect(editor.save(join(folder, "x.h5"))).rejects.toThrow(/`\.weights\.h5`/);
    await expect(KerasFileEditor.open(new Uint8Array(10))).rejects.toThrow(FileError);
  });
});
