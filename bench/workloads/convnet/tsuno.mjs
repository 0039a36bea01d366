// Tsuno: model.fit of the built package.
import { trainTsuno } from "../../lib/train_tsuno.mjs";
import * as task from "./task.mjs";

export const label = "Tsuno";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run(request) {
  const { Sequential } = await import("tsuno/models");
  const { Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D } = await import("tsuno/layers");
  const { Adam } = await import("tsuno/optimizers");
  const model = new Sequential([
    Input({ shape: task.sampleShape }),
    new Conv2D(32, [3, 3], { activation: "relu" }),
    new MaxPooling2D({ poolSize: [2, 2] }),
    new Conv2D(64, [3, 3], { activation: "relu" }),
    new MaxPooling2D({ poolSize: [2, 2] }),
    new Flatten(),
    new Dropout(task.dropout),
    new Dense(task.classes, { activation: "softmax" }),
  ]);
  model.compile({
    loss: "sparse_categorical_crossentropy",
    optimizer: new Adam({ learningRate: task.learningRate }),
  });
  return await trainTsuno(task, model, request);
}
