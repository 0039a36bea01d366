// An LSTM forecasts a series from its last 24 values, after Keras's "Timeseries forecasting for weather prediction".
import { Input, layers, Model, np, random, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: a temperature for each hour of 40 days, warm at noon, with slow weather and noise.
const hours = np.arange(40 * 24).astype("float32");
const daily = np.sin(hours.multiply((2 * np.pi) / 24)).multiply(6);
const weather = np.sin(hours.multiply((2 * np.pi) / (24 * 9))).multiply(4);
const series = daily
  .add(weather)
  .add(random.normal(hours.shape, { stddev: 0.5 }))
  .add(15);
const scaled = series.subtract(np.mean(series)).divide(np.std(series));

// Windows of 24 hours, and the value three hours after each.
const past = 24;
const future = 3;
const count = series.size - past - future;
const starts = np.arange(count).reshape(-1, 1);
const x = np.expandDims(np.take(scaled, starts.add(np.arange(past))), -1);
const y = np.take(scaled, starts.add(past + future - 1));
const split = Math.floor(count * 0.75);

const inputs = Input([past, 1]);
const state = new layers.LSTM(16)(inputs);
const model = new Model({ inputs, outputs: new layers.Dense(1)(state) });
model.compile({ optimizer: "adam", loss: "mse" });
model.summary();

await model.fit(x.slice(0, split), y.slice(0, split), {
  batchSize: 32,
  epochs: 12,
  validationData: [x.slice(split, count), y.slice(split, count)],
  verbose: 2,
});

// Does it know more than that the next value is like the last one?
const predicted = await model.predict(x.slice(split, count), { verbose: 0 });
const error = (guess: typeof y): number =>
  np
    .mean(np.abs(guess.subtract(y.slice(split, count))))
    .multiply(np.std(series))
    .item();
const last = x.at([split, count], past - 1).reshape(-1, 1);
console.log(`mean error of the last value: ${error(last).toFixed(2)} degrees`);
console.log(`mean error of the forecast: ${error(predicted).toFixed(2)} degrees`);
