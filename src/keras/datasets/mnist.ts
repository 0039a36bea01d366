/** `keras.datasets.mnist`: 70,000 digits written by hand. */
import { checkOptions } from "../../engine/index.ts";
import { fetchFile, numbersIn, readNpz, type TrainAndTest } from "./dataset_files.ts";

/**
 * Digits from 0 to 9 written by hand: 60,000 to train with and 10,000 to test with, grey pictures of 28 by 28 pixels from 0 to
 * 255 (LeCun, Cortes, Burges, http://yann.lecun.com/exdb/mnist/).
 *
 * @param options `path`: the name of the file in the cache (default `"mnist.npz"`)
 * @returns `[[xTrain, yTrain], [xTest, yTest]]`: `uint8` of shape `(samples, 28, 28)`, and `uint8` labels
 * @throws FileError when the file is not in the cache and cannot be fetched
 *
 * @example
 * ```ts
 * const train = async () => {
 *   const [[x, y], [xTest, yTest]] = await mnist.loadData();
 *   const model = new Sequential([Input([28, 28]), new layers.Flatten(), new layers.Dense(10, { activation: "softmax" })]);
 *   model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
 *   await model.fit(x.divide(255), y, { epochs: 5 });
 *   return model.evaluate(xTest.divide(255), yTest);
 * };
 * ```
 */
export async function loadData(options: { readonly path?: string } = {}): Promise<TrainAndTest> {
  const where = "mnist.loadData";
  checkOptions(where, options, ["path"]);
  const hash = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1";
  const file = await fetchFile("mnist.npz", options.path ?? "mnist.npz", hash);
  const arrays = await readNpz(file, where);
  const [xTrain, yTrain, xTest, yTest] = ["x_train", "y_train", "x_test", "y_test"].map((name) =>
    numbersIn(arrays, name, where),
  ) as [TrainAndTest[0][0], TrainAndTest[0][1], TrainAndTest[1][0], TrainAndTest[1][1]];
  return [
    [xTrain, yTrain],
    [xTest, yTest],
  ];
}
