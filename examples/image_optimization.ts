// What does a network want to see? Keras's "Visualizing what convnets learn": gradient ascent on the picture itself.
import { Input, layers, losses, Model, np, ops, random, Sequential, type Tensor, utils } from "tsuno";
import { grad, jit } from "tsuno/engine";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

// A network that knows digits.
const { x, y } = drawDigits(768);
const network = new Sequential([
  Input([size, size, 1]),
  new layers.Conv2D(16, 3, { activation: "relu", name: "conv1" }),
  new layers.MaxPooling2D(),
  new layers.Conv2D(32, 3, { activation: "relu", name: "conv2" }),
  new layers.Flatten(),
  new layers.Dense(10, { name: "logits" }),
]);
network.compile({
  optimizer: "adam",
  loss: new losses.SparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ["accuracy"],
});
await network.fit(x, y, { epochs: 10, verbose: 0 });

// Ascent: a picture changes so that a filter of a layer answers more.
const features = new Model({ inputs: network.inputs[0]!, outputs: network.getLayer("conv2").output });
const response = (image: Tensor, filter: number): Tensor => ops.mean(features(image).at([], [], [], filter));
const ascend = jit((image: Tensor, filter: number): Tensor => {
  const slope = grad((picture) => response(picture, filter))(image);
  const direction = slope.divide(ops.sqrt(ops.mean(ops.square(slope))).add(1e-8));
  return ops.clip(image.add(direction.multiply(0.05)), 0, 1);
});
for (const filter of [0, 1, 2]) {
  let image = random.uniform([1, size, size, 1], { minval: 0.4, maxval: 0.6 });
  const before = response(image, filter).item();
  for (let step = 0; step < 30; step++) image = ascend(image, filter);
  console.log(
    `filter ${filter}: response from ${before.toFixed(3)} to ${response(image, filter).item().toFixed(3)}`,
  );
}

// The same with a class: grey noise becomes what the network takes for a seven.
const become = jit((image: Tensor, digit: Tensor): Tensor => {
  const slope = grad((picture) => ops.take(ops.logSoftmax(network(picture)), digit, { axis: 1 }).sum())(
    image,
  );
  return ops.clip(image.add(slope.multiply(0.5)), 0, 1);
});
let image = random.uniform([1, size, size, 1], { minval: 0.2, maxval: 0.4 });
for (let step = 0; step < 60; step++) image = become(image, np.array([7]));
const probability = ops.softmax(network(image)).at(0, 7).item();
for (const row of image.reshape(size, size).arraySync() as number[][]) {
  console.log(row.map((v) => " .:*#"[Math.min(4, Math.floor(v * 5))]).join(""));
}
console.log(`taken for a seven with probability ${probability.toFixed(3)}`);
