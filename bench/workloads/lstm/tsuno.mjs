// Tsuno: model.fit of the built package.
import { trainTsuno } from "../../lib/train_tsuno.mjs";
import * as task from "./task.mjs";

export const label = "Tsuno";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  const { Sequential } = await import("tsuno/models");
  const { Dense, Embedding, Input, LSTM } = await import("tsuno/layers");
  const { Adam } = await import("tsuno/optimizers");
  const model = new Sequential([
    Input({ shape: task.sampleShape, dtype: "int32" }),
    new Embedding(task.vocabulary, task.width),
    new LSTM(task.units),
    new Dense(1, { activation: "sigmoid" }),
  ]);
  model.compile({
    loss: "binary_crossentropy",
    optimizer: new Adam({ learningRate: task.learningRate }),
  });
  return await trainTsuno(task, model, request);
}
