// A loss and a metric of one's own, as functions and as classes, on data with outliers.
import { layers, losses, Metric, np, ops, optimizers, random, Sequential, type Tensor, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: a line, on which one point in ten is far off.
const x = random.uniform([300, 1], { minval: -1, maxval: 1 });
const line = x.multiply(2).add(1);
const outliers = np
  .less(random.uniform([300, 1]), 0.1)
  .astype("float32")
  .multiply(10);
const y = line.add(random.normal([300, 1], { stddev: 0.1 })).add(outliers);

/** log(cosh(error)) hardly cares how far an outlier is off. A function of targets and predictions is a loss. */
const robust = (yTrue: Tensor, yPred: Tensor): Tensor => {
  const error = ops.subtract(yPred, yTrue);
  return ops.mean(ops.add(error, ops.subtract(ops.softplus(error.multiply(-2)), Math.log(2))), { axis: -1 });
};

/** The same as a class, with an option. */
class Robust extends losses.Loss {
  readonly scale: number;

  constructor(scale: number) {
    super({ name: "robust" });
    this.scale = scale;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return robust(ops.divide(yTrue, this.scale), ops.divide(yPred, this.scale));
  }
}

/** The part of the points that are hit to within a tolerance. */
class Hits extends Metric {
  readonly tolerance: number;
  readonly hits = this.addVariable([], { name: "hits" });
  readonly count = this.addVariable([], { name: "count" });

  constructor(tolerance: number) {
    super({ name: "hits" });
    this.tolerance = tolerance;
  }

  override updateState(yTrue: Tensor, yPred: Tensor): void {
    const near = ops.less(ops.abs(ops.subtract(yTrue, yPred)), this.tolerance).astype("float32");
    this.hits.assignAdd(ops.sum(near));
    this.count.assignAdd(near.size);
  }

  override result(): Tensor {
    return ops.divide(this.hits, this.count);
  }
}

/** How far the line that was learned is off, at most. */
async function trainWith(loss: losses.Loss | typeof robust | string): Promise<number> {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  model.compile({ loss, optimizer: new optimizers.Adam({ learningRate: 0.05 }), metrics: [new Hits(0.3)] });
  const { history } = await model.fit(x, y, { epochs: 60, verbose: 0 });
  const worst = ops.max(ops.abs(ops.subtract(await model.predict(x, { verbose: 0 }), line))).item();
  console.log(
    `${typeof loss === "string" ? loss : loss.name}: hits ${history["hits"]!.at(-1)!.toFixed(2)}, off by ${worst.toFixed(2)}`,
  );
  return worst;
}
await trainWith("mean_squared_error");
await trainWith(robust);
const worst = await trainWith(new Robust(0.5));
console.log(`Largest error with the loss of our own: ${worst.toFixed(3)}`);
