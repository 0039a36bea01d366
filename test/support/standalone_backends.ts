/** Programs that leave the library, as backends, so that what tests backends tests them too. */
import { runInThisContext } from "node:vm";
import type { Backend, Executable } from "../../src/engine/backends/backend.ts";
import { script } from "../../src/engine/backends/javascript/standalone.ts";
import type { Leaving } from "../../src/engine/backends/standalone.ts";
import { wasmModule } from "../../src/engine/backends/wasm/standalone.ts";
import type { Graph } from "../../src/engine/graph/node.ts";
import { simplify } from "../../src/engine/graph/simplify.ts";
import { arrayOf, type DType, isHalf, type TypedArray } from "../../src/engine/tensor/dtype.ts";
import { packHalves, unpackHalves } from "../../src/engine/tensor/half.ts";
import { sizeOf } from "../../src/engine/tensor/shape.ts";

interface Runnable {
  readonly memory: ArrayBuffer;
  readonly run: () => void;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

function put(memory: ArrayBuffer, at: number, dtype: DType, values: TypedArray): void {
  if (isHalf(dtype)) packHalves(dtype, values as Float32Array, new Uint16Array(memory, at, values.length));
  else new (arrayOf(dtype))(memory, at, values.length).set(values);
}

function look(memory: ArrayBuffer, at: number, dtype: DType, size: number): TypedArray {
  if (isHalf(dtype)) return unpackHalves(dtype, new Uint16Array(memory, at, size));
  return new (arrayOf(dtype))(memory, at, size).slice();
}

function backendOf(name: string, make: (functions: readonly Leaving[]) => Runnable): Backend {
  return {
    name,
    compile(graph: Graph): Executable {
      const { memory, run, inputs, outputs } = make([{ name: "run", graph: simplify(graph), values: [] }]);
      return {
        run(args) {
          graph.params.forEach((p, i) => {
            put(memory, inputs[i]!, p.dtype, args[i] as TypedArray);
          });
          run();
          return graph.results.map((r, i) => {
            return look(memory, outputs[i]!, r.dtype, sizeOf(r.shape));
          });
        },
      };
    },
    allocate() {
      throw new Error("standalone programs have no arrays of the device");
    },
  };
}

/** Modules that need nothing. */
export const standaloneWasm: Backend = backendOf("standalone wasm", (functions) => {
  const { code, ...places } = wasmModule(functions);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code));
  const { memory, run } = exports as { memory: WebAssembly.Memory; run: () => void };
  return { memory: memory.buffer, run, ...places };
});

/** Plain JavaScript. */
export const standaloneScript: Backend = backendOf("standalone JavaScript", (functions) => {
  const { code, ...places } = script(functions);
  const made = runInThisContext(`(() => { ${code.code}\nreturn { memory, run }; })()`) as Runnable;
  return { memory: made.memory, run: made.run, ...places };
});
