// A layer of one's own: Keras's "Simple custom layer example: Antirectifier", made again from its config.
import { Input, layers, losses, ops, Sequential, saving, type Tensor, utils, type Variable } from "tsuno";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

/** Keeps the positive and the negative parts of its input side by side, so that nothing is lost, and scales both. */
class Antirectifier extends layers.Layer {
  scale!: Variable;

  override build(inputShape: layers.KerasShape): void {
    const features = inputShape.at(-1)!;
    this.scale = this.addWeight({ name: "scale", shape: [2 * features], initializer: "ones" });
  }

  override call(inputs: Tensor): Tensor {
    const centred = ops.subtract(inputs, ops.mean(inputs, { axis: -1, keepdims: true }));
    const pos = ops.relu(centred);
    const neg = ops.relu(ops.negative(centred));
    return ops.concatenate([pos, neg], { axis: -1 }).multiply(this.scale);
  }

  override computeOutputShape(inputShape: layers.KerasShape): layers.KerasShape {
    return [...inputShape.slice(0, -1), 2 * inputShape.at(-1)!];
  }
}
// With a name of its own the class is found again where a config speaks of it.
saving.registerKerasSerializable("examples")(Antirectifier);

const model = new Sequential([
  Input([size, size, 1]),
  new layers.Flatten(),
  new layers.Dense(64),
  new Antirectifier(),
  new layers.Dense(64),
  new Antirectifier(),
  new layers.Dropout(0.2),
  new layers.Dense(10),
]);
model.summary();

const train = drawDigits(1024);
const test = drawDigits(256);
model.compile({
  loss: new losses.SparseCategoricalCrossentropy({ fromLogits: true }),
  optimizer: "adam",
  metrics: ["sparse_categorical_accuracy"],
});
await model.fit(train.x, train.y, { batchSize: 32, epochs: 15, validationSplit: 0.1, verbose: 0 });
const [, accuracy] = await model.evaluate(test.x, test.y, { verbose: 0 });
console.log(`Test accuracy: ${accuracy!.toFixed(3)}`);

const copy = Sequential.fromConfig(model.getConfig());
copy.setWeights(model.getWeights());
const difference = ops.max(ops.abs(ops.subtract(copy(test.x), model(test.x)))).item();
console.log(`Difference of a copy: ${difference}`);
