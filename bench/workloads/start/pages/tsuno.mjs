// The browser tutorial without its pictures.
import { np } from "tsuno";
import { Dense } from "tsuno/layers";
import { Sequential } from "tsuno/models";

const x = np.linspace(-np.pi, np.pi).reshape([-1, 1]);
const t = np.sin(x);
const model = new Sequential();
model.add(new Dense(20, { inputShape: [1], activation: "sigmoid" }));
model.add(new Dense(1, { activation: "linear" }));
model.compile({ loss: "mean_squared_error", optimizer: "sgd" });
model.summary();
const { history } = await model.fit(x, t, { batchSize: 8, epochs: 2000, validationSplit: 0.1 });
console.log(history, await (await model.predict(x)).array());
