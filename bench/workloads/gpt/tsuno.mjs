// Tsuno: model.fit of the built package.
import { trainTsuno } from "../../lib/train_tsuno.mjs";
import * as task from "./task.mjs";

export const label = "Tsuno";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  const { Model } = await import("tsuno/models");
  const { Dense, Embedding, Input, Layer, LayerNormalization, MultiHeadAttention, add } = await import(
    "tsuno/layers"
  );
  const { SparseCategoricalCrossentropy } = await import("tsuno/losses");
  const { Adam } = await import("tsuno/optimizers");

  /** Adds to every place a vector of its own. */
  class Positions extends Layer {
    build() {
      this.table = this.addWeight({
        name: "table",
        shape: [task.context, task.width],
        initializer: "uniform",
      });
    }
    call(x) {
      return x.add(this.table.value);
    }
  }

  const inputs = Input({ shape: task.sampleShape, dtype: "int32" });
  let x = new Positions()(new Embedding(task.vocabulary, task.width)(inputs));
  for (let block = 0; block < task.blocks; block++) {
    const attention = new MultiHeadAttention(task.heads, task.width / task.heads);
    x = new LayerNormalization()(add([x, attention(x, x, { useCausalMask: true })]));
    const hidden = new Dense(task.feedForward, { activation: "relu" })(x);
    x = new LayerNormalization()(add([x, new Dense(task.width)(hidden)]));
  }
  const model = new Model({ inputs, outputs: new Dense(task.vocabulary)(x) });
  model.compile({
    loss: new SparseCategoricalCrossentropy({ fromLogits: true }),
    optimizer: new Adam({ learningRate: task.learningRate }),
  });
  return await trainTsuno(task, model, request);
}
