// Contestants in Python: PyTorch and Keras, where the machine has them. Which Python: `--python` or $TSUNO_BENCH_PYTHON.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a script says on its last line. @typedef {import("./contract.d.ts").Outcome} Outcome */

/**
 * Runs `workloads/<workload>/<script>` on arrays that it finds, with `task.json`, in the folder that is its argument.
 * @param {string} script below bench/workloads
 * @param {object} options
 * @param {Record<string, { shape: number[], data: Float32Array | Int32Array }>} options.arrays
 * @param {Record<string, unknown>} options.settings
 * @param {number} options.threads
 * @param {"torch" | "jax"} [options.backend] of Keras
 * @returns {Promise<Outcome>}
 */
export async function runPython(script, { arrays, settings, threads, backend }) {
  const folder = await mkdtemp(join(tmpdir(), "tsuno-bench-"));
  try {
    /** @type {Record<string, { shape: number[], dtype: string }>} */
    const described = {};
    for (const [name, { shape, data }] of Object.entries(arrays)) {
      described[name] = { shape, dtype: data instanceof Int32Array ? "int32" : "float32" };
      await writeFile(
        join(folder, `${name}.bin`),
        new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      );
    }
    await writeFile(join(folder, "task.json"), JSON.stringify({ ...settings, threads, arrays: described }));
    return await answerOf(fileURLToPath(new URL(`../workloads/${script}`, import.meta.url)), folder, {
      ...process.env,
      PYTHONPATH: fileURLToPath(new URL(".", import.meta.url)),
      PYTHONDONTWRITEBYTECODE: "1",
      OMP_NUM_THREADS: String(threads),
      ...(backend === undefined ? {} : { KERAS_BACKEND: backend }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a script on a training task.
 * @param {string} script
 * @param {import("./contract.d.ts").TrainingTask} task
 * @param {import("./contract.d.ts").Request & { batches?: number, backend?: "torch" | "jax" }} options
 * @returns {Promise<Outcome>}
 */
export async function trainPython(script, task, { repeat, threads, batches = task.batchCount, backend }) {
  const { batchSize, warmUpBatches, checkCount, learningRate, sampleShape, targetShape } = task;
  const count = batchSize * batches;
  const data = task.samples(count);
  const weights = task.initialWeights(repeat).map((w, i) => [`w${String(i).padStart(3, "0")}`, w]);
  return await runPython(script, {
    arrays: {
      x: { shape: [count, ...sampleShape], data: data.x },
      t: { shape: [count, ...targetShape], data: data.t },
      ...Object.fromEntries(weights),
    },
    settings: { batchSize, warmUpBatches, checkCount, learningRate },
    threads,
    ...(backend === undefined ? {} : { backend }),
  });
}

/**
 * @param {string} script
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>}
 */
function answerOf(script, folder, env) {
  return new Promise((resolve, reject) => {
    const running = spawn(env["TSUNO_BENCH_PYTHON"] ?? "python3", [script, folder], { env });
    process.once("SIGTERM", () => running.kill());
    let [out, errors] = ["", ""];
    running.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    running.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
    const missing = (/** @type {string} */ message) =>
      reject(Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" }));
    running.once("error", (error) => missing(error.message));
    running.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(out.trim().split("\n").at(-1) ?? ""));
      else if (errors.includes("ModuleNotFoundError")) missing(errors);
      else reject(new Error(`${script} ended with code ${code}\n${errors}`));
    });
  });
}
