// Saves a model to a path, loads it, trains it on from a backup, and goes through the other formats, as programs in Node, Deno
// and Bun would.
import { deepStrictEqual, rejects } from "node:assert";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BackupAndRestore, ModelCheckpoint } from "tsuno/callbacks";
import { Dense, LSTM } from "tsuno/layers";
import { Sequential } from "tsuno/models";
import * as np from "tsuno/numpy";
import { loadModel, loadSafetensors, saveSafetensors } from "tsuno/saving";

const folder = mkdtempSync(join(tmpdir(), "tsuno-files-"));
try {
  const x = np.sin(np.arange(60, undefined, 1, { dtype: "float32" })).reshape(10, 3, 2);
  const y = x.sum([1, 2]).reshape(10, 1);
  const model = new Sequential([new LSTM(4, { inputShape: [3, 2] }), new Dense(1)]);
  model.compile({ optimizer: "adam", loss: "mse" });
  const file = join(folder, "checkpoint.keras");
  await model.fit(x, y, {
    epochs: 2,
    verbose: 0,
    callbacks: [new BackupAndRestore(join(folder, "backup")), new ModelCheckpoint(file)],
  });
  /** @param {{ predict: typeof model.predict }} m */
  const predictions = async (m) => (await m.predict(x, { verbose: 0 })).arraySync();
  const wanted = await predictions(model);
  deepStrictEqual(await predictions(await loadModel(file)), wanted);
  for (const name of ["model.keras", "model.h5"]) {
    await model.save(join(folder, name));
    deepStrictEqual(await predictions(await loadModel(pathToFileURL(join(folder, name)))), wanted);
  }
  await model.saveWeights(join(folder, "model.weights.h5"));
  model.setWeights(model.getWeights().map((w) => w.multiply(0)));
  await model.loadWeights(join(folder, "model.weights.h5"));
  deepStrictEqual(await predictions(model), wanted);
  await saveSafetensors(join(folder, "x.safetensors"), { x });
  deepStrictEqual(
    (await loadSafetensors(join(folder, "x.safetensors"))).tensors["x"]?.arraySync(),
    x.arraySync(),
  );
  await np.save(join(folder, "x.npy"), x);
  deepStrictEqual((await np.load(join(folder, "x.npy"))).arraySync(), x.arraySync());
  await rejects(loadModel(join(folder, "missing.keras")), { name: "FileError" });
  await rejects(model.save(join(folder, "missing", "model.keras")), { name: "FileError" });
  deepStrictEqual(
    readdirSync(folder).filter((name) => name.endsWith(".tmp")),
    [],
  );
  console.log("files are the same");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
