// Tsuno: import, first step, the whole of npm start, the bundle.
import { spawnSync } from "node:child_process";
import { timed } from "../../lib/measure.mjs";
import { tsunoVersion } from "../../lib/tsuno_version.mjs";

export const label = "Tsuno";
export const remark = "npm start: tools/start.mjs with --no-pictures, everything built";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run() {
  const imported = await timed(() => import("tsuno"));
  const { np } = imported.value;
  const { Sequential } = await import("tsuno/models");
  const { Dense } = await import("tsuno/layers");
  const x = np.linspace(-np.pi, np.pi, 8).reshape([-1, 1]);
  const t = np.sin(x);
  await Promise.all([x.data(), t.data()]); // The data is there before the clock starts, as in the other contestants.
  const firstStep = await timed(async () => {
    const model = new Sequential();
    model.add(new Dense(20, { inputShape: [1], activation: "sigmoid" }));
    model.add(new Dense(1, { activation: "linear" }));
    model.compile({ loss: "mean_squared_error", optimizer: "sgd" });
    await model.fit(x, t, { batchSize: 8, epochs: 1, verbose: 0 });
  });
  const readyMs = performance.now();

  // Imported only now: the bundler would count as part of the start.
  const { root } = await import("../../../tools/setup.mjs");
  const tutorial = await timed(() =>
    spawnSync(process.execPath, ["tools/start.mjs", "sine", "--no-pictures"], { cwd: root }),
  );
  if (tutorial.value.status !== 0) throw new Error(`npm start failed:\n${tutorial.value.stderr}`);
  const { bundleSizes } = await import("./bundle.mjs");
  return {
    figures: {
      importMs: imported.ms,
      firstStepMs: firstStep.ms,
      readyMs,
      tutorialMs: tutorial.ms,
      ...(await bundleSizes("tsuno.mjs")),
    },
    versions: await tsunoVersion(),
  };
}
