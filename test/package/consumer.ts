// A program of someone who uses the package, type-checked against its declarations. It is not run.
import * as tsuno from "tsuno";
import { np, plt } from "tsuno";
import { Dense, type Layer } from "tsuno/layers";
import { Sequential } from "tsuno/models";

const x = np.linspace(-np.pi, np.pi).reshape([-1, 1]);
const t = np.sin(x);

const model = new Sequential();
model.add(new Dense(20, { inputShape: [1], activation: "sigmoid" }));
model.add(new tsuno.layers.Dense(1));
model.compile({ loss: "mean_squared_error", optimizer: "sgd" });
const history = await model.fit(x, t, { batchSize: 8, epochs: 2, validationSplit: 0.1 });
const losses: readonly number[] = history.history["loss"] ?? [];
plt.plot(losses, { label: "loss" });
const layers: readonly Layer[] = model.layers;
console.log(layers.length);

// @ts-expect-error an activation that does not exist
new Dense(1, { activation: "sigmiod" });
// @ts-expect-error an option that does not exist
new Dense(1, { activaton: "relu" });
