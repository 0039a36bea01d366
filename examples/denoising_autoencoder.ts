// Pictures without their noise: Keras's "Convolutional autoencoder for image denoising", on digits.
import { Input, layers, Model, np, random, utils } from "tsuno";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

const { x: clean } = drawDigits(768);
const noisy = np.clip(clean.add(random.normal(clean.shape, { stddev: 0.4 })), 0, 1);
const [train, test] = [
  [0, 640],
  [640, 768],
] as const;

const input = Input([size, size, 1]);
// Encoder
let x = new layers.Conv2D(16, 3, { activation: "relu", padding: "same" })(input);
x = new layers.MaxPooling2D({ padding: "same" })(x);
x = new layers.Conv2D(16, 3, { activation: "relu", padding: "same" })(x);
// Decoder
x = new layers.Conv2DTranspose(16, 3, { strides: 2, activation: "relu", padding: "same" })(x);
x = new layers.Conv2D(1, 3, { activation: "sigmoid", padding: "same" })(x);
const autoencoder = new Model({ inputs: input, outputs: x });
autoencoder.compile({ optimizer: "adam", loss: "mse" });
autoencoder.summary();

await autoencoder.fit(noisy.slice(...train), clean.slice(...train), {
  epochs: 12,
  batchSize: 32,
  validationData: [noisy.slice(...test), clean.slice(...test)],
  verbose: 2,
});

const restored = await autoencoder.predict(noisy.slice(...test), { verbose: 0 });
const error = (x: typeof clean): number => np.mean(np.square(x.subtract(clean.slice(...test)))).item();
console.log(
  `mean squared error: ${error(noisy.slice(...test)).toFixed(4)} before, ${error(restored).toFixed(4)} after`,
);
