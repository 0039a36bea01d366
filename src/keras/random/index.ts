/** `keras.random`: random tensors and where their seeds come from. */
export { binomial } from "./binomial.ts";
export { beta, gamma } from "./gamma.ts";
export { shuffle } from "./permutation.ts";
export {
  categorical,
  dropout,
  normal,
  type RandomOptions,
  randint,
  truncatedNormal,
  uniform,
} from "./random.ts";
export { type Seed, SeedGenerator } from "./seed_generator.ts";
