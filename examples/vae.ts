// A variational autoencoder: Keras's "Variational AutoEncoder", a model with its own `trainStep`.
import {
  Input,
  type KerasTensor,
  layers,
  losses,
  Model,
  metrics,
  type models,
  ops,
  random,
  type Tensor,
  utils,
} from "tsuno";
import { gradients } from "tsuno/engine";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);
const latentDim = 2;

/** Draws a code: z = mean + exp(log variance / 2) · noise. */
class Sampling extends layers.Layer {
  readonly seedGenerator = new random.SeedGenerator(1337);

  override call([mean, logVar]: [Tensor, Tensor]): Tensor {
    const epsilon = random.normal(mean.shape, { seed: this.seedGenerator });
    return mean.add(ops.exp(logVar.multiply(0.5)).multiply(epsilon));
  }
}

const encoderInputs = Input([size, size, 1]);
let x: KerasTensor = new layers.Conv2D(16, 3, { activation: "relu", strides: 2, padding: "same" })(
  encoderInputs,
);
x = new layers.Conv2D(32, 3, { activation: "relu", strides: 2, padding: "same" })(x);
x = new layers.Flatten()(x);
x = new layers.Dense(32, { activation: "relu" })(x);
const zMean = new layers.Dense(latentDim, { name: "z_mean" })(x);
const zLogVar = new layers.Dense(latentDim, { name: "z_log_var" })(x);
const z = new Sampling()([zMean, zLogVar]);
const encoder = new Model({ inputs: encoderInputs, outputs: [zMean, zLogVar, z], name: "encoder" });

const latentInputs = Input([latentDim]);
x = new layers.Dense(3 * 3 * 32, { activation: "relu" })(latentInputs);
x = new layers.Reshape([3, 3, 32])(x);
x = new layers.Conv2DTranspose(32, 3, { activation: "relu", strides: 2, padding: "same" })(x);
const decoded = new layers.Conv2DTranspose(1, 3, { activation: "sigmoid", strides: 2, padding: "same" })(x);
const decoder = new Model({ inputs: latentInputs, outputs: decoded, name: "decoder" });

class VAE extends Model {
  readonly encoder = encoder;
  readonly decoder = decoder;
  readonly totalLoss = new metrics.Mean({ name: "total_loss" });
  readonly reconstructionLoss = new metrics.Mean({ name: "reconstruction_loss" });
  readonly klLoss = new metrics.Mean({ name: "kl_loss" });

  override trainStep([data]: models.StepData<Tensor>) {
    const [mean, logVar, z] = this.encoder(data);
    const reconstruction = this.decoder(z);
    const error = losses.binaryCrossentropy(data, reconstruction);
    const reconstructionLoss = ops.mean(ops.sum(error, { axis: [1, 2] }));
    const kl = ops.multiply(-0.5, logVar.add(1).subtract(ops.square(mean)).subtract(ops.exp(logVar)));
    const klLoss = ops.mean(ops.sum(kl, { axis: 1 }));
    const totalLoss = reconstructionLoss.add(klLoss);
    this.optimizer!.apply(gradients(totalLoss, this.trainableWeights), this.trainableWeights);
    this.totalLoss.updateState(totalLoss);
    this.reconstructionLoss.updateState(reconstructionLoss);
    this.klLoss.updateState(klLoss);
    return {
      loss: this.totalLoss.result(),
      reconstruction_loss: this.reconstructionLoss.result(),
      kl_loss: this.klLoss.result(),
    };
  }
}

const data = drawDigits(512, 3);
const vae = new VAE();
vae.compile({ optimizer: "adam" });
const { history } = await vae.fit(data.x, undefined, { epochs: 20, batchSize: 32, verbose: 2 });

// A picture of each code on a grid would be a walk through digits; one line of it:
const codes = [
  [-1.5, 0],
  [0, 0],
  [1.5, 0],
];
const walk = await decoder.predict(codes, { verbose: 0 });
for (const row of [0, 2, 4, 6, 8, 10]) {
  console.log(
    codes
      .map((_, n) =>
        (walk.at(n, row).arraySync() as number[][])
          .map(([v]) => " .:#"[Math.min(3, Math.floor(v! * 4))])
          .join(""),
      )
      .join("  "),
  );
}
const { loss } = history;
console.log(`loss: from ${loss![0]!.toFixed(1)} to ${loss!.at(-1)!.toFixed(1)}`);
