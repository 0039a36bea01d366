// A generative adversarial network draws digits: Keras's "DCGAN to generate images", with its own `trainStep`.
import {
  Input,
  layers,
  losses,
  Model,
  metrics,
  type models,
  np,
  type Optimizer,
  optimizers,
  random,
  Sequential,
  type Tensor,
  utils,
} from "tsuno";
import { gradients } from "tsuno/engine";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);
const latentDim = 16;

const discriminator = new Sequential(
  [
    Input([size, size, 1]),
    new layers.Conv2D(16, 3, { strides: 2, padding: "same" }),
    new layers.LeakyReLU({ negativeSlope: 0.2 }),
    new layers.Conv2D(32, 3, { strides: 2, padding: "same" }),
    new layers.LeakyReLU({ negativeSlope: 0.2 }),
    new layers.Flatten(),
    new layers.Dense(1),
  ],
  { name: "discriminator" },
);
const generator = new Sequential(
  [
    Input([latentDim]),
    new layers.Dense(3 * 3 * 32, { activation: "relu" }),
    new layers.Reshape([3, 3, 32]),
    new layers.Conv2DTranspose(32, 4, { strides: 2, padding: "same", activation: "relu" }),
    new layers.Conv2DTranspose(1, 4, { strides: 2, padding: "same", activation: "sigmoid" }),
  ],
  { name: "generator" },
);

class GAN extends Model {
  readonly discriminator = discriminator;
  readonly generator = generator;
  readonly dLoss = new metrics.Mean({ name: "d_loss" });
  readonly gLoss = new metrics.Mean({ name: "g_loss" });
  readonly dOptimizer: Optimizer = new optimizers.Adam({ learningRate: 1e-3, beta1: 0.5 });
  readonly gOptimizer: Optimizer = new optimizers.Adam({ learningRate: 1e-3, beta1: 0.5 });
  readonly seedGenerator = new random.SeedGenerator(1337);
  readonly lossFn = new losses.BinaryCrossentropy({ fromLogits: true });

  override call(noise: Tensor): Tensor {
    return this.generator(noise);
  }

  override trainStep([real]: models.StepData<Tensor>) {
    const batch = real.shape[0]!;
    const noise = (): Tensor => random.normal([batch, latentDim], { seed: this.seedGenerator });
    const ones = np.ones([batch, 1]);
    const zeros = np.zeros([batch, 1]);

    // Train the discriminator to tell real pictures from generated ones.
    const fake = this.generator(noise());
    const dLoss = this.lossFn(ones, this.discriminator(real)).add(
      this.lossFn(zeros, this.discriminator(fake)),
    );
    const dWeights = this.discriminator.trainableWeights;
    this.dOptimizer.apply(gradients(dLoss, dWeights), dWeights);

    // Train the generator to be taken for real.
    const misled = this.discriminator(this.generator(noise()));
    const gLoss = this.lossFn(ones, misled);
    const gWeights = this.generator.trainableWeights;
    this.gOptimizer.apply(gradients(gLoss, gWeights), gWeights);

    this.dLoss.updateState(dLoss);
    this.gLoss.updateState(gLoss);
    return { d_loss: this.dLoss.result(), g_loss: this.gLoss.result() };
  }
}

const { x } = drawDigits(512, 2, false);
const gan = new GAN();
gan.compile();
await gan.fit(x, undefined, { batchSize: 32, epochs: 20, verbose: 2 });

// How far is each picture from the nearest real one?
const pictures = await generator.predict(random.normal([64, latentDim]), { verbose: 0 });
const flat = (t: Tensor): Tensor => t.reshape(t.shape[0]!, size * size);
const nearest = (a: Tensor, b: Tensor): number => {
  const squares = np.sum(np.square(np.subtract(np.expandDims(flat(a), 1), flat(b))), { axis: -1 });
  return np.mean(np.sqrt(np.min(squares, { axis: 1 }))).item();
};
const grey = np.add(np.zeros([1, size, size, 1]), np.mean(x));
console.log(`a grey picture is ${nearest(grey, x).toFixed(2)} from the nearest real one`);
console.log(
  `mean distance of generated pictures from the nearest real one: ${nearest(pictures, x).toFixed(2)}`,
);
