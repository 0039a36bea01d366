// Saving while training, and going on after an interruption to the same bits.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ValueError } from "../../engine/index.ts";
import { BatchNormalization, Dense, Dropout, Input } from "../layers/index.ts";
import { type Model, Sequential } from "../models/index.ts";
import { Adam } from "../optimizers/index.ts";
import { loadModel } from "../saving/index.ts";
import type { FitOptions } from "../trainers/trainer_options.ts";
import { clearSession } from "../utils/naming.ts";
import { setRandomSeed } from "../utils/rng_utils.ts";
import { BackupAndRestore } from "./backup_and_restore.ts";
import { Callback } from "./callback.ts";
import { EarlyStopping } from "./early_stopping.ts";
import { ModelCheckpoint } from "./model_checkpoint.ts";
import { ReduceLROnPlateau } from "./reduce_lr_on_plateau.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsuno-checkpoints-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const samples = 50;
const x = Array.from({ length: samples }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i % 7) / 7]);
const y = x.map(([a, b, c]) => [a! * b! + c!]);

function make(seed = 1, eager = false): Sequential {
  clearSession();
  setRandomSeed(seed);
  const model = new Sequential([
    Input([3]),
    new Dense(8, { activation: "tanh" }),
    new Dropout(0.3),
    new BatchNormalization(),
    new Dense(1),
  ]);
  model.compile({
    optimizer: new Adam({ learningRate: 0.05 }),
    loss: "mse",
    metrics: ["mae"],
    runEagerly: eager,
  });
  return model;
}

/** All numbers that training changes. */
function bitsOf(model: Sequential): unknown {
  return [...model.variables, ...model.optimizer!.variables].map((v) => [...v.value.dataSync()]);
}

/** Ends the process, as far as a test can. */
class Crash extends Callback {
  readonly #epoch: number;
  readonly #batch: number | null;
  #now = 0;

  constructor(epoch: number, batch: number | null = null) {
    super();
    this.#epoch = epoch;
    this.#batch = batch;
    if (batch !== null) {
      this.onTrainBatchEnd = (b) => {
        if (this.#now === epoch && b === batch) throw new Error("crash");
      };
    }
  }

  override onEpochBegin(epoch: number): void {
    this.#now = epoch;
    if (epoch === this.#epoch && this.#batch === null) throw new Error("crash");
  }
}

describe("BackupAndRestore", () => {
  const options = (callbacks: readonly Callback[]): FitOptions => ({
    epochs: 6,
    batchSize: 8,
    verbose: 0,
    validationSplit: 0.2,
    callbacks,
  });
  const others = (): Callback[] => [
    new EarlyStopping({ monitor: "val_loss", patience: 3, restoreBestWeights: true }),
    new ReduceLROnPlateau({ monitor: "loss", patience: 0, factor: 0.5, minDelta: 0.5 }),
  ];

  test.each([
    ["after epochs", "epoch", new Crash(3), false],
    ["after the first epoch", "epoch", new Crash(1), false],
    ["after batches, in the midst of an epoch", 3, new Crash(2, 3), false],
    ["after batches, at the end of an epoch", 5, new Crash(3), false],
    ["in a model that runs eagerly", "epoch", new Crash(2), true],
    ["in the midst of an epoch of a model that runs eagerly", 3, new Crash(2, 2), true],
  ] as const)("goes on to the same bits %s", async (name, saveFreq, crash, eager) => {
    const whole = make(1, eager);
    const history = await whole.fit(x, y, options(others()));
    const place = join(folder, name.replaceAll(" ", "_"));
    const first = make(1, eager);
    const backup = (): BackupAndRestore => new BackupAndRestore(place, { saveFreq });
    await expect(first.fit(x, y, options([backup(), ...others(), crash]))).rejects.toThrow("crash");
    expect((await readdir(place)).sort()).toEqual(["latest.weights.h5", "training_metadata.json"]);
    // Another process: other seeds, other weights.
    const second = make(99, eager);
    const resumed = await second.fit(x, y, options([backup(), ...others()]));
    expect(bitsOf(second)).toEqual(bitsOf(whole));
    expect(resumed.history).toEqual(history.history);
    expect(resumed.epoch).toEqual(history.epoch);
    await expect(readdir(place)).rejects.toThrow(/ENOENT/);
  });

  test("a damaged backup is replaced by the one before it; without one it is an error", async () => {
    const place = join(folder, "double");
    const backup = (): BackupAndRestore =>
      new BackupAndRestore(place, { doubleCheckpoint: true, deleteCheckpoint: false });
    await make().fit(x, y, options([backup()]));
    expect(await readdir(place)).toContain("latest.weights.h5.bkp");
    await writeFile(join(place, "latest.weights.h5"), "damaged");
    const second = make(5);
    const { epoch } = await second.fit(x, y, options([backup()]));
    expect(epoch).toEqual([0, 1, 2, 3, 4, 5]);
    const whole = make();
    await whole.fit(x, y, options([]));
    expect(bitsOf(second)).toEqual(bitsOf(whole));
    await writeFile(join(place, "latest.weights.h5"), "damaged");
    await rm(join(place, "latest.weights.h5.bkp"));
    await expect(make(5).fit(x, y, options([backup()]))).rejects.toThrow(/no HDF5 file/);
  });

  test("what is wrong", async () => {
    expect(() => new BackupAndRestore("")).toThrow(ValueError);
    expect(() => new BackupAndRestore("x", { saveFreq: 0 })).toThrow(/saveFreq/);
    const unbuilt = new Sequential([new Dense(1)]);
    unbuilt.compile({ loss: "mse" });
    await unbuilt.fit(x, y, { epochs: 1, verbose: 0, callbacks: [new BackupAndRestore(join(folder, "un"))] });
    // `fit` builds the model before callbacks hear of it.
    expect(unbuilt.built).toBe(true);
  });
});

describe("ModelCheckpoint", () => {
  test("after each epoch, with names that are filled in", async () => {
    const place = join(folder, "names", "inner");
    const checkpoint = new ModelCheckpoint(join(place, "m-{epoch:03d}-{val_loss:.2f}.keras"));
    const model = make();
    const options = { epochs: 2, verbose: 0, validationSplit: 0.2, callbacks: [checkpoint] } as const;
    const { history } = await model.fit(x, y, options);
    const names = history["val_loss"]!.map((loss, i) => `m-00${i + 1}-${loss.toFixed(2)}.keras`);
    expect((await readdir(place)).sort()).toEqual(names);
    const again = await loadModel(join(place, names[1]!));
    const numbers = (m: Model): number[][] =>
      [...m.weights, ...m.optimizer!.variables].map((v) => [...v.value.dataSync()]);
    expect(numbers(again)).toEqual(numbers(model));
  });

  test("only the best", async () => {
    const file = join(folder, "best.weights.h5");
    const checkpoint = new ModelCheckpoint(file, {
      monitor: "loss",
      saveBestOnly: true,
      saveWeightsOnly: true,
    });
    const model = make();
    checkpoint.setModel(model);
    const saved: number[] = [];
    const losses = [3, 2, 2.5, 1, 1.5];
    for (const [epoch, loss] of losses.entries()) {
      model.layers[0]!.weights[0]!.assign(model.layers[0]!.weights[0]!.value.multiply(0).add(loss));
      await checkpoint.onEpochEnd(epoch, { loss });
      const again = make();
      await again.loadWeights(file);
      saved.push(again.layers[0]!.weights[0]!.value.dataSync()[0]!);
    }
    expect(saved).toEqual([3, 2, 2, 1, 1]);
    expect(checkpoint.best).toBe(1);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await checkpoint.onEpochEnd(5, { other: 1 });
    expect(warn).toHaveBeenCalledWith("Can save best model only with loss available.");
    warn.mockRestore();
  });

  test("a threshold, and larger values that are better", async () => {
    const file = join(folder, "threshold.keras");
    const options = {
      monitor: "score",
      mode: "max",
      saveBestOnly: true,
      initialValueThreshold: 0.5,
    } as const;
    const checkpoint = new ModelCheckpoint(file, options);
    checkpoint.setModel(make());
    await checkpoint.onEpochEnd(0, { score: 0.4 });
    await expect(readFile(file)).rejects.toThrow(/ENOENT/);
    await checkpoint.onEpochEnd(1, { score: 0.6 });
    expect((await readFile(file)).length).toBeGreaterThan(1000);
  });

  test("after every so many batches", async () => {
    const place = join(folder, "batches");
    const checkpoint = new ModelCheckpoint(join(place, "{epoch}-{batch:02d}.keras"), { saveFreq: 3 });
    // Five batches an epoch.
    await make().fit(x, y, { epochs: 2, batchSize: 10, verbose: 0, callbacks: [checkpoint] });
    expect((await readdir(place)).sort()).toEqual(["1-03.keras", "2-01.keras", "2-04.keras"]);
  });

  test("what is wrong", async () => {
    expect(() => new ModelCheckpoint("x.zip")).toThrow(/must end in `\.keras`/);
    expect(() => new ModelCheckpoint("x.keras", { saveWeightsOnly: true })).toThrow(/`\.weights\.h5`/);
    expect(() => new ModelCheckpoint("x.keras", { saveFreq: "batch" as never })).toThrow(/saveFreq/);
    const checkpoint = new ModelCheckpoint(join(folder, "{nothing}.keras"));
    checkpoint.setModel(make());
    await expect(checkpoint.onEpochEnd(0, { loss: 1 })).rejects.toThrow(
      /There is no "nothing".* epoch, loss/,
    );
  });
});
