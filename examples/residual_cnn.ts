// A residual network with the functional API: the "toy ResNet" of Keras's guide, on digits.
import { Input, type KerasTensor, layers, losses, Model, utils } from "tsuno";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

/** Two convolutions and a way around them. */
function residualBlock(x: KerasTensor, filters: number): KerasTensor {
  let y = new layers.Conv2D(filters, 3, { padding: "same", useBias: false })(x);
  y = new layers.BatchNormalization({ momentum: 0.9 })(y);
  y = new layers.Activation("relu")(y);
  y = new layers.Conv2D(filters, 3, { padding: "same", useBias: false })(y);
  y = new layers.BatchNormalization({ momentum: 0.9 })(y);
  return new layers.Activation("relu")(layers.add([x, y]));
}

const inputs = Input([size, size, 1], { name: "img" });
let x = new layers.Conv2D(16, 3, { activation: "relu" })(inputs);
x = new layers.MaxPooling2D()(x);
x = residualBlock(x, 16);
x = residualBlock(x, 16);
x = new layers.Flatten()(x);
const outputs = new layers.Dense(10)(x);
const model = new Model({ inputs, outputs, name: "toy_resnet" });
model.summary();

const train = drawDigits(768);
const test = drawDigits(256);
model.compile({
  optimizer: "adam",
  loss: new losses.SparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ["accuracy"],
});
await model.fit(train.x, train.y, { batchSize: 32, epochs: 4, verbose: 2 });
const [, accuracy] = await model.evaluate(test.x, test.y, { verbose: 0 });
console.log(`Test accuracy: ${accuracy!.toFixed(3)}`);
