// The formats that are tried: good files of each, of our own making and of Keras's, how they are read, and where their JSON
// is.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { unzipSync, zipSync } from "fflate";
import { root } from "../setup.mjs";
import { joined } from "./variants.mjs";

/**
 * @typedef {import("./variants.mjs").Files} Files
 * @typedef {object} Subject
 * @property {string} name
 * @property {readonly Files[]} goods files that load; a seed takes one of them
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

const fixtures = join(root, "test", "fixtures");

/** Fixtures of a folder by name, unpacked. @param {string} folder @param {RegExp} wanted @returns {[string, Uint8Array][]} */
const packed = (folder, wanted) =>
  readdirSync(join(fixtures, folder))
    .filter((name) => wanted.test(name))
    .map((name) => [name, new Uint8Array(gunzipSync(readFileSync(join(fixtures, folder, name))))]);

/** Models that need classes or code which the file does not have, and one whose legacy file names a step without its module. */
const incomplete = /^(custom_layer|lambda_python|ops_graph\.h5)/;

/** Models that Keras saved. @param {RegExp} wanted @returns {Files[]} */
const savedByKeras = (wanted) =>
  packed("keras-models/files", wanted)
    .filter(([name]) => !incomplete.test(name))
    .map(([, file]) => ({ file }));

/** Layers that work on strings, which no program can hold. */
const ofStrings = /^(Hashing|HashedCrossing|IntegerLookup|StringLookup|TextVectorization)\./;

/** The JSON of models of one layer, for each layer that the fixtures have with one input. @returns {Files[]} */
function layersAlone() {
  /** @type {Files[]} */
  const found = [];
  for (const [name, bytes] of packed("keras/layers", /\.json\.gz$/)) {
    const [first] = JSON.parse(read.decode(bytes)).cases;
    const [input, ...more] = first.inputs;
    if (more.length > 0 || !Array.isArray(input?.shape) || ofStrings.test(name)) continue;
    const dtype = input.dtype === "int64" ? "int32" : input.dtype;
    const layers = [
      {
        class_name: "InputLayer",
        config: { batch_shape: [null, ...input.shape.slice(1)], dtype, name: "input" },
      },
      { class_name: name.replace(".json.gz", ""), config: first.config },
    ];
    const model = {
      class_name: "Sequential",
      config: { name: "alone", layers: layers.map((layer) => ({ module: "keras.layers", ...layer })) },
    };
    found.push({ file: text.encode(JSON.stringify(model)) });
  }
  return found;
}

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
 * Reads all values of a group of HDF5 that can be read.
 *
 * @param {any} group
 */
function readAll(group) {
  for (const data of group.attributes.values()) values(data);
  for (const member of group.members.values()) {
    if (member.kind === "group") readAll(member);
    else if (member.kind === "dataset") values(member);
  }
}

/** @param {any} data */
function values(data) {
  if (data.type === "string") data.strings();
  else if (data.type !== "other" && data.type !== "opaque") data.numbers();
}

/** A tar archive of one file. @param {string} name @param {number} length */
function tarOf(name, length) {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(length.toString(8).padStart(11, "0"), 124);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\0", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0`, 148);
  return new Uint8Array(Buffer.concat([header, Buffer.alloc(1024, "x"), Buffer.alloc(1024)]));
}

/**
 * All subjects, and which errors count as answers.
 *
 * @returns {Promise<{ subjects: readonly Subject[], isAnswer: (error: unknown) => boolean }>}
 */
export async function prepare() {
  // It is no module of its own for users, so it comes from the build for bundlers, with errors of its own.
  const hdf5 = await import(pathToFileURL(join(root, "dist", "files", "hdf5", "index.js")).href);
  /** @param {string} name */
  const inner = (name) => import(pathToFileURL(join(root, "dist", name)).href);
  const [{ TsunoError: OtherError }, wav, tar, pickle] = await Promise.all(
    ["engine/index.js", "files/wav.js", "files/tar.js", "keras/datasets/pickle.js"].map(inner),
  );
  const [np, layers, models, saving, utils, { TsunoError, tensor }] = await Promise.all(
    [
      "numpy/index.js",
      "keras/layers/index.js",
      "keras/models/index.js",
      "keras/saving/index.js",
      "keras/utils/index.js",
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
      goods: [await written((to) => np.save(to, wave(5, 7)))],
      read: (files) => np.load(only(files)),
    },
    {
      name: ".npz",
      goods: [await written((to) => np.savezCompressed(to, arrays))],
      read: async (files) => np.loadz(only(files)),
    },
    {
      name: ".safetensors",
      goods: [await written((to) => saving.saveSafetensors(to, arrays, { metadata: { made: "here" } }))],
      read: (files) => saving.loadSafetensors(only(files)),
      withJson: safetensorsHeader,
    },
    {
      name: "model.json of TensorFlow.js",
      goods: [{ "model.json": text.encode(JSON.stringify(tfjs)), "w.bin": new Uint8Array(51).fill(60) }],
      read: (files) => saving.loadTfjsModel(files),
      withJson: jsonFile("model.json"),
    },
    {
      name: ".keras",
      goods: [await written((to) => saving.saveModel(model, to)), ...savedByKeras(/\.keras\.gz$/)],
      read: loadModel,
      withJson: jsonInZip("config.json"),
    },
    {
      name: "JSON of a model",
      goods: [{ file: text.encode(model.toJson()) }, ...layersAlone()],
      read: async (files) => models.modelFromJson(read.decode(only(files))),
      withJson: jsonFile("file"),
    },
  ];
  const { files, sounds } = JSON.parse(
    read.decode(gunzipSync(readFileSync(join(fixtures, "directory", "files.json.gz")))),
  );
  const { batches } = JSON.parse(
    read.decode(gunzipSync(readFileSync(join(fixtures, "datasets", "files.json.gz")))),
  );
  /** @param {unknown} packed @param {RegExp} [wanted] @returns {Files[]} */
  const unpacked = (packed, wanted = /./) =>
    Object.entries(/** @type {Record<string, string>} */ (packed))
      .filter(([name]) => wanted.test(name))
      .map(([, content]) => ({ file: new Uint8Array(Buffer.from(content, "base64")) }));
  for (const kind of ["png", "jpg", "bmp", "gif"]) {
    subjects.push({
      name: `pictures: ${kind}`,
      goods: unpacked(files, new RegExp(`\\.${kind}$`)),
      read: (variant) => utils.loadImg(only(variant), { targetSize: [8, 8] }),
    });
  }
  subjects.push(
    {
      name: "sound",
      goods: unpacked(sounds),
      read: async (variant) => wav.readWav(only(variant), "fuzz"),
    },
    {
      name: "pickles",
      goods: batches.map((/** @type {{ file: string }} */ { file }) => ({
        file: new Uint8Array(Buffer.from(file, "base64")),
      })),
      read: async (variant) => pickle.readPickle(only(variant), "fuzz"),
    },
    {
      name: "tar",
      goods: [{ file: tarOf("folder/file.txt", 700) }],
      read: async (variant) => [...tar.readTar(only(variant), "fuzz")],
    },
  );
  const folder = process.env["TSUNO_FUZZ_FOLDER"] ?? "";
  await model.save(join(folder, "model.h5"));
  await model.saveWeights(join(folder, "model.weights.h5"));
  subjects.push(
    {
      name: ".h5",
      goods: [{ file: new Uint8Array(readFileSync(join(folder, "model.h5"))) }, ...savedByKeras(/\.h5\.gz$/)],
      read: loadModel,
    },
    {
      name: "HDF5 of every version",
      goods: packed("hdf5", /^(?!bad_).*\.h5\.gz$/).map(([, file]) => ({ file })),
      read: async (files) => readAll(await hdf5.readHdf5(only(files), "fuzz")),
    },
    {
      name: ".weights.h5",
      goods: [{ file: new Uint8Array(readFileSync(join(folder, "model.weights.h5"))) }],
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
  const isAnswer = (/** @type {unknown} */ error) =>
    error instanceof TsunoError || error instanceof OtherError;
  return { subjects, isAnswer };
}
