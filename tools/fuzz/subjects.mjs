// The formats that are tried: a good file of each, how it is read, and where its JSON is.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { unzipSync, zipSync } from "fflate";
import { root } from "../setup.mjs";
import { joined } from "./variants.mjs";

/**
 * @typedef {import("./variants.mjs").Files} Files
 * @typedef {object} Subject
 * @property {string} name
 * @property {Files} files
 * @property {(files: Files) => Promise<unknown>} read
 * @property {(files: Files, change: (text: string) => string) => Files} [withJson]
 */

/** @param {string} name */
const built = (name) => import(pathToFileURL(join(root, "dist", "node", name)).href);

/** @returns {[WritableStream<Uint8Array>, () => Uint8Array]} */
function sink() {
  /** @type {Uint8Array[]} */
  const parts = [];
  return [new WritableStream({ write: (part) => void parts.push(part.slice()) }), () => joined(...parts)];
}

/** @param {Files} files */
const only = (files) => /** @type {Uint8Array} */ (Object.values(files)[0]);

const text = new TextEncoder();
const read = new TextDecoder();

/** The JSON of one file. @param {string} name @returns {NonNullable<Subject["withJson"]>} */
const jsonFile = (name) => (files, change) => ({
  ...files,
  [name]: text.encode(change(read.decode(files[name]))),
});

/** The JSON in an archive. @param {string} entry @returns {NonNullable<Subject["withJson"]>} */
const jsonInZip = (entry) => (files, change) => {
  const entries = unzipSync(only(files));
  entries[entry] = text.encode(change(read.decode(entries[entry])));
  return { file: zipSync(entries, { level: 0 }) };
};

/** The header of safetensors. @type {NonNullable<Subject["withJson"]>} */
const safetensorsHeader = (files, change) => {
  const bytes = only(files);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = text.encode(change(read.decode(bytes.subarray(8, 8 + length))));
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(header.length), true);
  return { file: joined(size, header, bytes.subarray(8 + length)) };
};

/**
 * All subjects, and the class of errors that count as answers.
 *
 * @returns {Promise<{ subjects: readonly Subject[], TsunoError: new (...args: never[]) => Error }>}
 */
export async function prepare() {
  const [np, layers, models, saving, { TsunoError, tensor }] = await Promise.all(
    [
      "numpy/index.js",
      "keras/layers/index.js",
      "keras/models/index.js",
      "keras/saving/index.js",
      "engine/index.js",
    ].map(built),
  );
  const wave = (/** @type {number[]} */ ...shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tensor(Float32Array.from({ length: size }, (_, i) => Math.sin(i))).reshape(...shape);
  };
  /** @param {(target: WritableStream<Uint8Array>) => Promise<void>} write */
  const written = async (write) => {
    const [stream, bytes] = sink();
    await write(stream);
    return { file: bytes() };
  };
  const make = () => {
    const x = layers.Input([6], { dtype: "int32" });
    const embedded = new layers.Embedding(9, 4)(x);
    const y = new layers.Dense(3, { activation: "relu" })(new layers.LSTM(5)(embedded));
    const model = new models.Model({ inputs: x, outputs: new layers.BatchNormalization()(y) });
    model.compile({ optimizer: "adam", loss: "mse" });
    return model;
  };
  const model = make();
  const target = make();
  const arrays = { a: wave(3, 4), b: tensor([1, 2, 3]), c: wave(2, 2, 2) };
  const kernel = { name: "d/kernel", shape: [4, 3], dtype: "float32" };
  const bias = {
    name: "d/bias",
    shape: [3],
    dtype: "float32",
    quantization: { dtype: "uint8", scale: 0.01, min: -1 },
  };
  const dense = {
    class_name: "Dense",
    config: { name: "d", units: 3, activation: "relu", use_bias: true, batch_input_shape: [null, 4] },
  };
  const tfjs = {
    format: "layers-model",
    modelTopology: { class_name: "Sequential", config: { name: "s", layers: [dense] } },
    weightsManifest: [{ paths: ["w.bin"], weights: [kernel, bias] }],
  };
  /** @type {(files: Files) => Promise<unknown>} */
  const loadModel = (files) => saving.loadModel(only(files));
  /** @type {Subject[]} */
  const subjects = [
    {
      name: ".npy",
      files: await written((to) => np.save(to, wave(5, 7))),
      read: (files) => np.load(only(files)),
    },
    {
      name: ".npz",
      files: await written((to) => np.savezCompressed(to, arrays)),
      read: async (files) => np.loadz(only(files)),
    },
    {
      name: ".safetensors",
      files: await written((to) => saving.saveSafetensors(to, arrays, { metadata: { made: "here" } })),
      read: (files) => saving.loadSafetensors(only(files)),
      withJson: safetensorsHeader,
    },
    {
      name: "model.json of TensorFlow.js",
      files: { "model.json": text.encode(JSON.stringify(tfjs)), "w.bin": new Uint8Array(51).fill(60) },
      read: (files) => saving.loadTfjsModel(files),
      withJson: jsonFile("model.json"),
    },
    {
      name: ".keras",
      files: await written((to) => saving.saveModel(model, to)),
      read: loadModel,
      withJson: jsonInZip("config.json"),
    },
    {
      name: "JSON of a model",
      files: { file: text.encode(model.toJson()) },
      read: async (files) => models.modelFromJson(read.decode(only(files))),
      withJson: jsonFile("file"),
    },
  ];
  const folder = process.env["TSUNO_FUZZ_FOLDER"] ?? "";
  const { readFileSync } = await import("node:fs");
  await model.save(join(folder, "model.h5"));
  await model.saveWeights(join(folder, "model.weights.h5"));
  subjects.push(
    { name: ".h5", files: { file: new Uint8Array(readFileSync(join(folder, "model.h5"))) }, read: loadModel },
    {
      name: ".weights.h5",
      files: { file: new Uint8Array(readFileSync(join(folder, "model.weights.h5"))) },
      read: async (files) => {
        const before = target
          .getWeights()
          .map((/** @type {{ dataSync(): Float32Array }} */ w) => w.dataSync());
        try {
          await saving.loadWeights(target, only(files));
        } catch (error) {
          const after = target
            .getWeights()
            .map((/** @type {{ dataSync(): Float32Array }} */ w) => w.dataSync());
          if (JSON.stringify(before) !== JSON.stringify(after))
            throw new Error("the model has lost its weights", { cause: error });
          throw error;
        }
      },
    },
  );
  return { subjects, TsunoError };
}
