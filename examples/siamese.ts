// Do two pictures show the same digit? Keras's "Image similarity estimation using a Siamese network with contrastive loss".
import { Input, layers, Model, np, ops, optimizers, random, type Tensor, utils } from "tsuno";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

/** Pairs of pictures, half of them of the same digit; the label is 1 where they differ. */
function makePairs(count: number): { pairs: [Tensor, Tensor]; labels: Tensor } {
  const { x, y } = drawDigits(1000, 5);
  const digit = y.arraySync() as number[];
  const byDigit = Array.from({ length: 5 }, (_, d) => digit.flatMap((value, n) => (value === d ? [n] : [])));
  const draws = random.randint([count, 2], 0, 1000).arraySync() as number[][];
  const left: number[] = [];
  const right: number[] = [];
  const labels: number[] = [];
  draws.forEach(([n, m], i) => {
    const differs = i % 2;
    const digits = byDigit[(digit[n!]! + differs * (1 + (m! % 4))) % 5]!;
    left.push(n!);
    right.push(digits[m! % digits.length]!);
    labels.push(differs);
  });
  return {
    pairs: [np.take(x, left, { axis: 0 }), np.take(x, right, { axis: 0 })],
    labels: np.array(labels, { dtype: "float32" }),
  };
}

// One network for both pictures.
const input = Input([size, size, 1]);
let x = new layers.Conv2D(16, 3, { activation: "relu" })(input);
x = new layers.MaxPooling2D()(x);
x = new layers.Conv2D(32, 3, { activation: "relu" })(x);
x = new layers.Flatten()(x);
x = new layers.Dense(64, { activation: "relu" })(x);
x = new layers.Dense(8)(x);
const embedding = new Model({ inputs: input, outputs: x });

const [input1, input2] = [Input([size, size, 1]), Input([size, size, 1])];
const difference = ops.subtract(embedding(input1), embedding(input2));
const distance = ops.sqrt(ops.maximum(ops.sum(ops.square(difference), { axis: 1, keepdims: true }), 1e-7));
const siamese = new Model({ inputs: [input1, input2], outputs: distance });

/** Draws pictures of one digit together and pushes others apart, to a distance of at least 1. */
function contrastiveLoss(yTrue: Tensor, yPred: Tensor): Tensor {
  const square = ops.square(yPred);
  const margin = ops.square(ops.maximum(ops.subtract(1, yPred), 0));
  return ops.mean(ops.add(ops.multiply(ops.subtract(1, yTrue), square), ops.multiply(yTrue, margin)));
}

siamese.compile({
  loss: contrastiveLoss,
  optimizer: new optimizers.Adam({ learningRate: 0.002 }),
  metrics: ["binary_accuracy"],
});
siamese.summary();
const train = makePairs(1536);
const test = makePairs(256);
await siamese.fit(train.pairs, train.labels.reshape(-1, 1), { batchSize: 32, epochs: 10, verbose: 2 });
const [, accuracy] = await siamese.evaluate(test.pairs, test.labels.reshape(-1, 1), { verbose: 0 });
console.log(`Test accuracy: ${accuracy!.toFixed(3)}`);
