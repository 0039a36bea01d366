// Tsuno: model.fit of the built package.
import { trainTsuno } from "../../lib/train_tsuno.mjs";
import * as task from "./task.mjs";

export const label = "Tsuno";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  const { Sequential } = await import("tsuno/models");
  const { Dense } = await import("tsuno/layers");
  const { Adam } = await import("tsuno/optimizers");
  const model = new Sequential([
    new Dense(task.hidden, { inputShape: [task.features], activation: "relu" }),
    new Dense(task.hidden, { activation: "relu" }),
    new Dense(task.classes, { activation: "softmax" }),
  ]);
  model.compile({
    loss: "sparse_categorical_crossentropy",
    optimizer: new Adam({ learningRate: task.learningRate }),
  });
  return await trainTsuno(task, model, request);
}
