// Like lies near like: Keras's "Metric learning for image similarity search".
import {
  Input,
  layers,
  losses,
  Model,
  metrics,
  type models,
  np,
  ops,
  optimizers,
  random,
  type Tensor,
  utils,
} from "tsuno";
import { gradients } from "tsuno/engine";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);
const classes = 8;

const { x, y } = drawDigits(1024, classes);
const digit = y.arraySync() as number[];
const byClass = Array.from({ length: classes }, (_, c) => digit.flatMap((d, n) => (d === c ? [n] : [])));

/** Batches of one anchor and one positive of each class. */
function* pairs(batches: number): Generator<[Tensor]> {
  for (let b = 0; b < batches; b++) {
    const drawn = random.randint([2, classes], 0, 10_000).arraySync() as number[][];
    const rows = drawn.map((list) => list.map((n, c) => byClass[c]![n % byClass[c]!.length]!));
    yield [np.take(x, np.array(rows), { axis: 0 })];
  }
}

class EmbeddingModel extends Model {
  readonly #loss = new losses.SparseCategoricalCrossentropy({ fromLogits: true });
  readonly lossTracker = new metrics.Mean({ name: "loss" });

  override trainStep([data]: models.StepData<Tensor>) {
    const anchors = this(data.at(0), { training: true });
    const positives = this(data.at(1), { training: true });
    // How similar each anchor is to each positive; the one of its own class is to be the nearest.
    const similarities = ops.matmul(anchors, ops.transpose(positives)).divide(0.2);
    const loss = this.#loss(ops.arange(classes), similarities);
    this.optimizer!.apply(gradients(loss, this.trainableWeights), this.trainableWeights);
    this.lossTracker.updateState(loss);
    return { loss: this.lossTracker.result() };
  }
}

const inputs = Input([size, size, 1]);
let h = new layers.Conv2D(16, 3, { activation: "relu" })(inputs);
h = new layers.MaxPooling2D()(h);
h = new layers.Conv2D(32, 3, { activation: "relu" })(h);
h = new layers.Flatten()(h);
h = new layers.Dense(8)(h);
const model = new EmbeddingModel({ inputs, outputs: new layers.UnitNormalization()(h) });
model.compile({ optimizer: new optimizers.Adam({ learningRate: 0.003 }) });
await model.fit(pairs(400), undefined, { verbose: 2 });

// Are the nearest neighbours of new pictures of their own class?
const test = drawDigits(256, classes);
const embeddings = await model.predict(test.x, { verbose: 0 });
const similar = np.matmul(embeddings, np.transpose(embeddings)).subtract(np.eye(256).multiply(2));
const nearest = np.argmax(similar, { axis: 1 });
const right = np.mean(np.equal(np.take(test.y, nearest), test.y)).item();
console.log(`nearest neighbours of the same class: ${(100 * right).toFixed(1)} %`);
