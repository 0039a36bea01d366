// Tsuno: model.save and loadModel.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, timed } from "../../lib/measure.mjs";
import { tsunoVersion } from "../../lib/tsuno_version.mjs";
import { inFolder, largeModel } from "./task.mjs";

export const label = "Tsuno";
export const remark =
  "saving ends when the file is on the disk and has its name; Keras leaves that to the operating system";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  return await inFolder(async (folder) => {
    const { Sequential } = await import("tsuno/models");
    const { Dense, Input } = await import("tsuno/layers");
    const { loadModel } = await import("tsuno/saving");
    const model = await largeModel(repeat);
    const file = join(folder, "large.keras");
    const saves = [];
    const loads = [];
    await model.save(file);
    for (let i = 0; i < 5; i++) saves.push((await timed(() => model.save(file))).ms);
    let loaded = model;
    for (let i = 0; i < 5; i++) {
      const { ms, value } = await timed(() => loadModel(file));
      loads.push(ms);
      loaded = /** @type {typeof model} */ (value);
    }
    const small = join(folder, "small.keras");
    await new Sequential([Input([256]), new Dense(512, { activation: "relu" }), new Dense(256)]).save(small);
    const load = (/** @type {string} */ which) => {
      const opener = fileURLToPath(new URL("open.mjs", import.meta.url));
      const { stdout, status, stderr } = spawnSync(process.execPath, [opener, which], { encoding: "utf8" });
      if (status !== 0) throw new Error(stderr);
      return JSON.parse(stdout);
    };
    const cold = [0, 1, 2, 3, 4].map(() => load(small).ms);
    return {
      figures: {
        saveMs: median(saves),
        loadMs: median(loads),
        loadMb: load(file).bytes / statSync(file).size,
        coldMs: median(cold),
        check: difference(model, loaded),
      },
      versions: await tsunoVersion(),
    };
  });
}

/**
 * The largest difference between the weights of two models.
 *
 * @param {import("tsuno/models").Model} a
 * @param {import("tsuno/models").Model} b
 */
function difference(a, b) {
  const theirs = b.getWeights();
  const of = (/** @type {ReturnType<typeof b.getWeights>[number]} */ mine, /** @type {number} */ i) => {
    const [x, y] = [mine.dataSync(), theirs[i]?.dataSync() ?? []];
    return x.reduce((most, value, k) => Math.max(most, Math.abs(value - (y[k] ?? Number.NaN))), 0);
  };
  return Math.max(...a.getWeights().map(of));
}
