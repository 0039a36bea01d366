// Kills a training that saves itself, again and again, at random moments (`npm run stress:crash`, `-- 50` for another number
// than 200): the last checkpoint must always load, no file may be damaged or left over, and the training, which goes on after
// each kill, must end with the same bits as one that nobody killed.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./setup.mjs";

const self = fileURLToPath(import.meta.url);
const library = join(root, "dist", "node", "index.js");

/** The training: small, with dropout and shuffling, saved after every second batch. */
async function train(/** @type {string} */ folder) {
  const { callbacks, layers, models, utils } = await import(library);
  utils.setRandomSeed(7);
  const model = new models.Sequential([
    new layers.Dense(16, { inputShape: [3], activation: "tanh" }),
    new layers.Dropout(0.3),
    new layers.Dense(1),
  ]);
  model.compile({ optimizer: "adam", loss: "mse" });
  const x = Array.from({ length: 64 }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i % 7) / 7]);
  const y = x.map(([a = 0, b = 0, c = 0]) => [a * b + c]);
  let isReady = false;
  await model.fit(x, y, {
    epochs: 12,
    batchSize: 8,
    verbose: 0,
    callbacks: [
      new callbacks.BackupAndRestore(join(folder, "backup"), { saveFreq: 2, deleteCheckpoint: false }),
      new callbacks.ModelCheckpoint(join(folder, "last.keras"), { saveFreq: 3 }),
      // The first batch tells the parent that from now on any moment will do.
      new callbacks.LambdaCallback({
        onTrainBatchEnd: () => {
          if (!isReady) process.send?.("ready");
          isReady = true;
        },
      }),
      new callbacks.EarlyStopping({ monitor: "loss", patience: 10, restoreBestWeights: true }),
    ],
  });
  const bits = model.variables.map((/** @type {any} */ v) => [...v.value.dataSync()]);
  process.send?.(JSON.stringify(bits));
}

/**
 * Runs the training in a process of its own.
 *
 * @param {string} folder
 * @param {number | undefined} killAfter milliseconds after which it is killed
 * @returns {Promise<{ bits: string | undefined, span: number }>} what it ended with, undefined if it was killed; milliseconds
 *   from its first batch to its end
 */
function run(folder, killAfter) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [self, "child", folder], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    /** @type {string | undefined} */
    let bits;
    let began = 0;
    child.on("message", (message) => {
      if (message !== "ready") bits = String(message);
      else {
        began = performance.now();
        if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
      }
    });
    child.on("exit", (code, signal) => {
      if (code === 0 || signal === "SIGKILL") resolve({ bits, span: performance.now() - began });
      else reject(new Error(`the training ended with ${code ?? signal}`));
    });
  });
}

/**
 * Kills the training many times.
 *
 * @param {number} kills
 * @param {number} seed which moments are chosen
 * @returns {Promise<{ kills: number, finished: number, checkpoints: number }>} how often it was killed, how often it came to
 *   its end before, how many checkpoints were loaded
 */
export async function stressCrash(kills, seed = 1) {
  const { saving } = await import(library);
  const folder = mkdtempSync(join(tmpdir(), "tsuno-crash-"));
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  try {
    const { bits: whole, span } = await run(join(folder, "whole"), undefined);
    let [place, killed, finished, checkpoints] = [0, 0, 0, 0];
    while (killed < kills) {
      const work = join(folder, String(place));
      const { bits } = await run(work, random() * span);
      const last = join(work, "last.keras");
      if (existsSync(last)) {
        await saving.loadModel(last);
        checkpoints++;
      }
      if (bits === undefined) {
        killed++;
        continue;
      }
      if (bits !== whole) throw new Error(`after ${killed} kills the training ended with other bits`);
      finished++;
      place++;
    }
    const work = join(folder, String(place));
    if ((await run(work, undefined)).bits !== whole) throw new Error("the training ended with other bits");
    const left = [work, join(work, "backup")]
      .flatMap((f) => readdirSync(f))
      .filter((f) => !/^(backup|last\.keras|latest\.weights\.h5|training_metadata\.json|\..*\.tmp)$/.test(f));
    if (left.length > 0) throw new Error(`left over: ${left.join(", ")}`);
    return { kills: killed, finished, checkpoints };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === self) {
  if (process.argv[2] === "child") await train(process.argv[3] ?? "");
  else {
    const { build } = await import("./build.mjs");
    await build(["library"]);
    const result = await stressCrash(Number(process.argv[2] ?? 200));
    console.log(
      `killed ${result.kills} times, ended ${result.finished + 1} times with the same bits, ${result.checkpoints} checkpoints loaded`,
    );
  }
}
