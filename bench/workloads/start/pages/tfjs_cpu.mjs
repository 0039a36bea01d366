// The same program with TensorFlow.js on its cpu backend, from the packages that it needs and no others.
import "@tensorflow/tfjs-backend-cpu";
import { linspace, sin } from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";

const x = linspace(-Math.PI, Math.PI, 50).reshape([-1, 1]);
const t = sin(x);
const model = sequential();
model.add(layers.dense({ units: 20, inputShape: [1], activation: "sigmoid" }));
model.add(layers.dense({ units: 1 }));
model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
model.summary();
const { history } = await model.fit(x, t, { batchSize: 8, epochs: 2000, validationSplit: 0.1 });
console.log(history, await model.predict(x).array());
