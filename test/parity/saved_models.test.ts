// Whole models as real Keras saved them: made from their JSON, what their summaries say, what they give.
// How they train says keras_files.test.ts.
import { describe, expect, test } from "vitest";
import { type Model, modelFromJson } from "../../src/keras/models/index.ts";
import { loadJson, recordToTensor } from "./fixtures.ts";
import { compileAs, expectAllClose, single, tensorsOf } from "./model_fixture.ts";
import { customObjects, modelNames, type SavedModel, type Training } from "./saved_model_fixture.ts";

/** The borders of the fixtures are ASCII; `~` stands for an ellipsis. */
function asciiTable(summary: string): string {
  return summary
    .replace(/^┏.*┓$|^└─.*┘$/gm, (line) => `+${"-".repeat(line.length - 2)}+`)
    .replace(/[┃│┡├┩┤]/g, "|")
    .replace(/[╇┼]/g, "+")
    .replace(/[━─]/g, "-")
    .replace(/…/g, "~");
}

function made(saved: SavedModel): Model {
  // As it was before it was compiled.
  const model = modelFromJson(JSON.stringify({ ...saved.model, compile_config: null }), { customObjects });
  model.setWeights(saved.start_values.weights.map((w) => recordToTensor(w)));
  return model;
}

function compiled(saved: SavedModel, { compile }: Training): Model {
  const model = made(saved);
  compileAs(model, compile);
  const slots = saved.start_values.optimizer_variables;
  if (slots !== undefined) {
    model.optimizer!.build(model.trainableVariables);
    model.optimizer!.variables.forEach((v, i) => {
      v.assign(recordToTensor(slots[i]!));
    });
  }
  return model;
}

describe.each(modelNames)("%s", (name) => {
  const saved = loadJson(`keras-models/${name}.json.gz`) as SavedModel;
  const { training } = saved;

  test("has Keras's summary", () => {
    let text = "";
    // Optimizers count once they have been used.
    const used = saved.start_values.optimizer_variables !== undefined;
    const model = used ? compiled(saved, training!) : made(saved);
    model.summary({ lineLength: 100, printFn: (s) => (text = s) });
    expect(asciiTable(text).trim()).toBe(saved.summary.trim());
  });

  test("gives what it gives in Keras", async () => {
    const model = made(saved);
    const inputs = single(tensorsOf(saved.inputs));
    // Each operation rounds to float16, and other kernels sum in another order.
    const tolerance = name === "mixed_float16" ? { rtol: 2e-3 } : {};
    expectAllClose(await model.predict(inputs, { verbose: 0 }), saved.outputs, tolerance);
    expectAllClose(model(inputs), saved.outputs, tolerance);
  });
});
