// A Wasserstein GAN learns a ring of points, its critic held to slopes of 1 by second-order gradients: Keras's "WGAN-GP".
import {
  layers,
  Model,
  metrics,
  type models,
  np,
  type Optimizer,
  ops,
  optimizers,
  random,
  Sequential,
  type Tensor,
  utils,
} from "tsuno";
import { grad, gradients } from "tsuno/engine";

utils.setRandomSeed(1);
const [noiseDim, gpWeight, criticSteps] = [4, 1, 3];

/** A network of two hidden layers. */
const network = (name: string, inputs: number, outputs: number): Sequential =>
  new Sequential(
    [
      new layers.Dense(32, { inputShape: [inputs] }),
      new layers.LeakyReLU({ negativeSlope: 0.2 }),
      new layers.Dense(32),
      new layers.LeakyReLU({ negativeSlope: 0.2 }),
      new layers.Dense(outputs),
    ],
    { name },
  );

class WGAN extends Model {
  readonly critic = network("critic", 2, 1);
  readonly generator = network("generator", noiseDim, 2);
  readonly cOptimizer: Optimizer = new optimizers.Adam({ learningRate: 2e-3, beta1: 0.5 });
  readonly gOptimizer: Optimizer = new optimizers.Adam({ learningRate: 2e-3, beta1: 0.5 });
  readonly seedGenerator = new random.SeedGenerator(1);
  readonly distance = new metrics.Mean({ name: "distance" });

  override call(noise: Tensor): Tensor {
    return this.generator(noise);
  }

  #fake(count: number): Tensor {
    return this.generator(random.normal([count, noiseDim], { seed: this.seedGenerator }));
  }

  /** How far the critic's slope is from 1 between real and generated points. */
  #gradientPenalty(real: Tensor, fake: Tensor): Tensor {
    const alpha = random.uniform([real.shape[0]!, 1], { seed: this.seedGenerator });
    const between = real.add(alpha.multiply(fake.subtract(real)));
    const slope = grad((x) => ops.sum(this.critic(x)))(between);
    const norm = ops.sqrt(ops.sum(ops.square(slope), { axis: 1 }).add(1e-12));
    return ops.mean(ops.square(norm.subtract(1)));
  }

  override trainStep([real]: models.StepData<Tensor>) {
    for (let step = 0; step < criticSteps; step++) {
      const fake = this.#fake(real.shape[0]!);
      const distance = ops.mean(this.critic(real)).subtract(ops.mean(this.critic(fake)));
      const loss = this.#gradientPenalty(real, fake).multiply(gpWeight).subtract(distance);
      const weights = this.critic.trainableWeights;
      this.cOptimizer.apply(gradients(loss, weights), weights);
      this.distance.updateState(distance);
    }
    const weights = this.generator.trainableWeights;
    const loss = ops.negative(ops.mean(this.critic(this.#fake(real.shape[0]!))));
    this.gOptimizer.apply(gradients(loss, weights), weights);
    return { distance: this.distance.result() };
  }
}

// Data: points on a circle of radius 1.
const angle = random.uniform([1024], { maxval: 2 * np.pi });
const ring = np.stack([np.cos(angle), np.sin(angle)], { axis: 1 });

const wgan = new WGAN();
wgan.compile();
await wgan.fit(ring, undefined, { batchSize: 64, epochs: 40, verbose: 0 });
const points = await wgan.generator.predict(random.normal([500, noiseDim]), { verbose: 0 });
const radius = np.sqrt(np.sum(np.square(points), { axis: 1 }));
const center = np.mean(points, { axis: 0 });
console.log(
  `generated points: radius ${np.mean(radius).item().toFixed(2)} ± ${np.std(radius).item().toFixed(2)}, centre ${center.toString()}`,
);
