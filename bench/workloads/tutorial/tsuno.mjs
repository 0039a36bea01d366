// Tsuno: model.fit of the built package.
import { timed } from "../../lib/measure.mjs";
import { tsunoVersion } from "../../lib/tsuno_version.mjs";
import { batchSize, epochs, initialWeights, lossFigures, sine, validationSplit } from "./task.mjs";

export const label = "Tsuno";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { np } = await import("tsuno");
  const { Sequential } = await import("tsuno/models");
  const { Dense } = await import("tsuno/layers");
  const data = sine();
  const x = np.array(data.x).reshape([-1, 1]);
  const t = np.array(data.t).reshape([-1, 1]);

  const fit = async () => {
    const model = new Sequential();
    model.add(new Dense(20, { inputShape: [1], activation: "sigmoid" }));
    model.add(new Dense(1, { activation: "linear" }));
    model.compile({ loss: "mean_squared_error", optimizer: "sgd" });
    model.setWeights(initialWeights(repeat).map((w) => np.array(w.data).reshape(w.shape)));
    return timed(() => model.fit(x, t, { batchSize, epochs, validationSplit, verbose: 0 }));
  };

  const first = await fit();
  const second = await fit();
  const { history } = second.value;
  return {
    figures: {
      firstMs: first.ms,
      secondMs: second.ms,
      ...lossFigures({ loss: history.loss, valLoss: history.val_loss }),
    },
    versions: await tsunoVersion(),
  };
}
