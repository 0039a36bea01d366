// A training loop from scratch: Keras's "Writing a training loop", with one compiled function for a step.
import { Input, layers, losses, Model, metrics, optimizers, type Tensor, utils } from "tsuno";
import { gradients, jit } from "tsuno/engine";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

const inputs = Input([size, size, 1], { name: "digits" });
const flat = new layers.Flatten()(inputs);
const x1 = new layers.Dense(64, { activation: "relu" })(flat);
const x2 = new layers.Dense(64, { activation: "relu" })(x1);
const model = new Model({ inputs, outputs: new layers.Dense(10, { name: "predictions" })(x2) });

const optimizer = new optimizers.Adam({ learningRate: 1e-3 });
const lossFn = new losses.SparseCategoricalCrossentropy({ fromLogits: true });
const trainAccuracy = new metrics.SparseCategoricalAccuracy();
const valAccuracy = new metrics.SparseCategoricalAccuracy();

// Weights, slots and metrics are read and written inside: the compiled function knows.
const trainStep = jit((x: Tensor, y: Tensor): Tensor => {
  const weights = model.trainableWeights;
  const logits = model(x, { training: true });
  const loss = lossFn(y, logits);
  optimizer.apply(gradients(loss, weights), weights);
  trainAccuracy.updateState(y, logits);
  return loss;
});
const testStep = jit((x: Tensor, y: Tensor): void => {
  valAccuracy.updateState(y, model(x, { training: false }));
});

const train = drawDigits(1024);
const val = drawDigits(256);
const batchSize = 64;
for (let epoch = 0; epoch < 10; epoch++) {
  let loss = 0;
  for (let at = 0; at < 1024; at += batchSize) {
    loss = trainStep(train.x.slice(at, at + batchSize), train.y.slice(at, at + batchSize)).item();
  }
  for (let at = 0; at < 256; at += batchSize)
    testStep(val.x.slice(at, at + batchSize), val.y.slice(at, at + batchSize));
  console.log(
    `Epoch ${epoch}: loss ${loss.toFixed(4)}, training accuracy ${trainAccuracy.result().item().toFixed(3)}, ` +
      `validation accuracy: ${valAccuracy.result().item().toFixed(3)}`,
  );
  trainAccuracy.resetState();
  valAccuracy.resetState();
}
