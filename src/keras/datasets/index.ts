/** `keras.datasets`: small datasets to try things out with. Each is fetched once and kept, as `utils.getFile` does. */
export * as bostonHousing from "./boston_housing.ts";
export * as californiaHousing from "./california_housing.ts";
export * as cifar10 from "./cifar10.ts";
export * as cifar100 from "./cifar100.ts";
export type { TrainAndTest } from "./dataset_files.ts";
export * as fashionMnist from "./fashion_mnist.ts";
export * as imdb from "./imdb.ts";
export * as mnist from "./mnist.ts";
export * as reuters from "./reuters.ts";
