// Runs ONNX files with ONNX Runtime, as its users do.
import { env, InferenceSession, Tensor as OrtTensor } from "onnxruntime-web";
import { type DType, type Tensor, type TypedArray, tensor } from "../../src/engine/index.ts";

env.wasm.numThreads = 1;
env.logLevel = "error";

const types: Readonly<Partial<Record<DType, OrtTensor.Type>>> = {
  bool: "bool",
  uint8: "uint8",
  int8: "int8",
  uint16: "uint16",
  int16: "int16",
  uint32: "uint32",
  int32: "int32",
  float16: "float32",
  bfloat16: "float32",
  float32: "float32",
  float64: "float64",
};

/**
 * The outputs of an ONNX file by their names.
 *
 * @param inputs by their names, or in the order that they have in the file
 */
export async function runOnnx(
  file: Uint8Array,
  inputs: Readonly<Record<string, Tensor>> | readonly Tensor[],
): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  try {
    const given = Array.isArray(inputs)
      ? session.inputNames.map((name, i) => [name, (inputs as readonly Tensor[])[i]!] as const)
      : Object.entries(inputs as Readonly<Record<string, Tensor>>);
    const feeds = given.map(([name, t]) => {
      const data = t.dataSync() as never;
      return [name, new OrtTensor(types[t.dtype]!, data, [...t.shape])] as const;
    });
    const outputs = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, t]) => {
        const dtype = t.type as DType;
        return [name, tensor(t.data as TypedArray, { dtype, shape: [...t.dims] })];
      }),
    );
  } finally {
    await session.release();
  }
}
