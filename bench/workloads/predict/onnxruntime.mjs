// onnxruntime-node: native code for prediction alone.
import { createRequire } from "node:module";
import { onnxModel } from "./onnx_model.mjs";
import { batchesOf, measurePredictions, networks } from "./task.mjs";

export const label = "onnxruntime-node";

const require = createRequire(import.meta.url);

/** @param {string} weight @param {string} bias */
const dense = (weight, bias) => ({ op: "Gemm", weights: [weight, bias] });
/** @param {string} weight @param {string} bias */
const block = (weight, bias) => [
  { op: "Conv", weights: [weight, bias] },
  { op: "Relu" },
  { op: "MaxPool", attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
];
const softmax = { op: "Softmax", attributes: { axis: 1 } };
const steps = {
  mlp: [dense("w0", "w1"), { op: "Relu" }, dense("w2", "w3"), { op: "Relu" }, dense("w4", "w5"), softmax],
  conv: [
    { op: "Transpose", attributes: { perm: [0, 3, 1, 2] } },
    ...block("w0", "w1"),
    ...block("w2", "w3"),
    { op: "Transpose", attributes: { perm: [0, 2, 3, 1] } },
    { op: "Flatten", attributes: { axis: 1 } },
    dense("w4", "w5"),
    softmax,
  ],
};

/**
 * A kernel with its axes as ONNX has them: outputs, inputs, rows, columns.
 * @param {{ shape: number[], data: Float32Array }} weight
 */
function channelsFirst({ shape, data }) {
  if (shape.length !== 4) return { shape, data };
  const [h, w, inputs, outputs] = /** @type {[number, number, number, number]} */ (shape);
  const moved = new Float32Array(data.length);
  data.forEach((value, i) => {
    const o = i % outputs;
    const c = Math.floor(i / outputs) % inputs;
    const place = Math.floor(i / (outputs * inputs));
    moved[(o * inputs + c) * h * w + place] = value;
  });
  return { shape: [outputs, inputs, h, w], data: moved };
}

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat, threads }) {
  const { default: ort } = await import("onnxruntime-node");
  const figures = await measurePredictions(async (network, data, shape) => {
    const weights = networks[network].initialWeights(repeat).map((w, i) => [`w${i}`, channelsFirst(w)]);
    const model = onnxModel(steps[network], Object.fromEntries(weights), ["n", ...shape.slice(1)]);
    const session = await ort.InferenceSession.create(model, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
    });
    const size = data.length / shape[0];
    const predict = async (/** @type {[number, number]} */ [from, to]) => {
      const part = data.subarray(from * size, to * size);
      const { y } = await session.run({ x: new ort.Tensor("float32", part, [to - from, ...shape.slice(1)]) });
      return y.data;
    };
    return {
      many: async () => {
        const all = new Float32Array(shape[0] * 10);
        for (const range of batchesOf(shape[0])) all.set(await predict(range), range[0] * 10);
        return all;
      },
      one: () => predict([0, 1]),
    };
  });
  const { version } = require("onnxruntime-node/package.json");
  return { figures, versions: { "onnxruntime-node": version } };
}
