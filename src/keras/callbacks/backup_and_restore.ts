/** Keeps a training on disk, so that one that was interrupted goes on where it was. */
import {
  checkOptions,
  isPlainObject,
  StateError,
  show,
  type Tensor,
  ValueError,
} from "../../engine/index.ts";
import { fileExists, fileIn, makePlace, removeFile } from "../../files/place.ts";
import { readSource } from "../../files/source.ts";
import { writeTarget } from "../../files/target.ts";
import { defaultSeedState, setDefaultSeed } from "../random/default_seed.ts";
import { globalSeedGenerator } from "../random/seed_generator.ts";
import type { SavedPosition } from "../trainers/training_position.ts";
import { BatchCounter } from "./batch_counter.ts";
import { Callback, type CallbackState } from "./callback.ts";
import { type SavableModel, savable } from "./savable_model.ts";

/** Options of {@link BackupAndRestore}. */
export interface BackupAndRestoreOptions {
  /** After each epoch, or after every so many batches. Default `"epoch"`. */
  readonly saveFreq?: "epoch" | number;
  /** Whether the backup before the last one is kept, too. Default false. */
  readonly doubleCheckpoint?: boolean;
  /** Whether the backup is removed when the training has ended. Default true. */
  readonly deleteCheckpoint?: boolean;
}

/** What a backup holds besides the weights and the optimizer's state, which are where Keras has them. */
interface TrainingState {
  readonly position: SavedPosition;
  /** The states of the model's own random generators, and of the global one. */
  readonly seeds: readonly Tensor[];
  readonly globalSeed: Tensor;
  readonly defaultSeed: number;
  /** What the other callbacks remember, in the order of the list. */
  readonly callbacks: readonly { readonly name: string; readonly state: CallbackState | null }[];
}

const where = "BackupAndRestore";
const stateGroup = "training";

/**
 * Keeps the state of a training in a folder. If the process ends in its midst, the same script goes on when it is run again:
 * `fit` begins with the epoch (and the batch) that was next, and gives the same bits as if nothing had happened, for the
 * weights, the optimizer, the orders of the samples, dropout, the metrics, the history, `EarlyStopping`, `ReduceLROnPlateau`
 * and `ModelCheckpoint`. Keras reads the weights file.
 *
 * @param backupDir a folder of its own; in browsers `opfs://name` or `indexeddb://name`
 * @param options `saveFreq` (default `"epoch"`; or a number of batches), `doubleCheckpoint` (default false),
 *   `deleteCheckpoint` (default true)
 * @throws ValueError for an empty folder or another frequency; the model must be built before `fit`
 *
 * @example
 * ```ts
 * const model = new keras.Sequential([keras.Input([1]), new keras.layers.Dense(1)]);
 * model.compile({ optimizer: "adam", loss: "mse" });
 * const backup = new BackupAndRestore("/tmp/tsuno-backup");
 * const history = await model.fit([[0], [1]], [[1], [3]], { epochs: 3, verbose: 0, callbacks: [backup] });
 * history.epoch; // → [0, 1, 2]
 * ```
 */
export class BackupAndRestore extends Callback {
  readonly backupDir: string;
  readonly saveFreq: "epoch" | number;
  readonly doubleCheckpoint: boolean;
  readonly deleteCheckpoint: boolean;
  readonly #weights: string;
  readonly #metadata: string;
  #others: readonly Callback[] = [];
  #batches: BatchCounter | undefined;
  #restored: TrainingState["callbacks"] | undefined;

  constructor(backupDir: string, options: BackupAndRestoreOptions = {}) {
    checkOptions(where, options, ["saveFreq", "doubleCheckpoint", "deleteCheckpoint"]);
    super();
    const { saveFreq = "epoch" } = options;
    if (typeof backupDir !== "string" || backupDir === "")
      throw new ValueError(`${where}: expected backupDir to be a folder. Received: ${show(backupDir)}`);
    if (saveFreq !== "epoch" && !(Number.isInteger(saveFreq) && saveFreq > 0)) {
      throw new ValueError(
        `Invalid value for argument saveFreq. Received: saveFreq=${show(saveFreq)}. Expected either "epoch" or an integer value.`,
      );
    }
    this.backupDir = backupDir;
    this.saveFreq = saveFreq;
    this.doubleCheckpoint = options.doubleCheckpoint ?? false;
    this.deleteCheckpoint = options.deleteCheckpoint ?? true;
    this.#weights = fileIn(backupDir, "latest.weights.h5");
    this.#metadata = fileIn(backupDir, "training_metadata.json");
    if (saveFreq === "epoch") return;
    this.#batches = new BatchCounter(saveFreq);
    // Only who saves after batches makes them run one by one.
    this.onTrainBatchEnd = () => undefined;
  }

  override setOthers(callbacks: readonly Callback[]): void {
    this.#others = callbacks.filter((callback) => callback !== this);
  }

  override async onTrainBegin(): Promise<void> {
    const model = savable(this.model);
    if (!model.built) {
      throw new StateError(
        `To use the ${where} callback, your model must be built before you call \`fit()\`. Begin it with an Input, or build ` +
          "it beforehand by calling it on a batch of data.",
      );
    }
    this.#restored = undefined;
    try {
      await this.#load(model, this.#weights);
    } catch (error) {
      // The last backup may be damaged.
      if (!(await fileExists(`${this.#weights}.bkp`))) throw error;
      await this.#load(model, `${this.#weights}.bkp`);
    }
  }

  /** Makes epochs run one by one. What there is to do is done when the other callbacks have heard of the epoch. */
  override onEpochEnd(): void {}

  override async onHeard(
    hook: "onTrainBegin" | "onEpochEnd" | "onTrainBatchEnd",
    index: number,
  ): Promise<void> {
    if (hook === "onTrainBegin") {
      // The first of a class gets what the first of that class had.
      const kept = [...(this.#restored ?? [])];
      for (const callback of this.#others) {
        const place = kept.findIndex(({ name }) => name === callback.constructor.name);
        const state = place < 0 ? null : kept.splice(place, 1)[0]!.state;
        if (state !== null) callback.setState(state);
      }
    } else if (hook === "onEpochEnd" ? this.saveFreq === "epoch" : this.#batches?.isDue(index)) {
      await this.#save();
    }
  }

  override async onTrainEnd(): Promise<void> {
    if (!this.deleteCheckpoint) return;
    for (const file of [this.#weights, this.#metadata])
      for (const name of [file, `${file}.bkp`]) await removeFile(name);
    await removeFile(this.backupDir);
  }

  async #save(): Promise<void> {
    const model = savable(this.model);
    const position = model.trainingPosition;
    if (position === undefined) return;
    const state: TrainingState = {
      position: position.save(),
      seeds: seedsOf(model).map((v) => v.value),
      globalSeed: globalSeedGenerator().state.value,
      defaultSeed: defaultSeedState(),
      callbacks: this.#others.map((callback) => ({
        name: callback.constructor.name,
        state: callback.getState(),
      })),
    };
    const [{ saveState }, { weightsWriter, writeTree }, hdf5] = await Promise.all([
      import("../saving/state.ts"),
      import("../saving/weights_store.ts"),
      import("../../files/hdf5/index.ts"),
    ]);
    const root = hdf5.newGroup();
    saveState(model, weightsWriter(root));
    // In one file with the weights, so that both are of one moment. Keras does not look at it.
    writeTree(root, stateGroup, state);
    await makePlace(this.backupDir);
    if (this.doubleCheckpoint) {
      for (const file of [this.#weights, this.#metadata]) {
        if (await fileExists(file))
          await writeTarget(`${file}.bkp`, (await readSource(file, where)) as Uint8Array<ArrayBuffer>, where);
      }
    }
    await writeTarget(this.#weights, hdf5.writeHdf5(root, where), where);
    const metadata = JSON.stringify({ epoch: position.epoch, batch: position.batch });
    await writeTarget(this.#metadata, new TextEncoder().encode(metadata), where);
  }

  async #load(model: SavableModel, file: string): Promise<void> {
    if (!(await fileExists(file))) return;
    const [{ readHdf5 }, { loadInto }, { readTree, weightsReader }] = await Promise.all([
      import("../../files/hdf5/index.ts"),
      import("../saving/saving_lib.ts"),
      import("../saving/weights_store.ts"),
    ]);
    const root = await readHdf5(await readSource(file, where), where);
    const { optimizer } = model;
    if (optimizer !== undefined && !optimizer.built) optimizer.build(model.trainableVariables);
    loadInto(model, weightsReader(root), { skipMismatch: false });
    const state = readTree(root, stateGroup) as TrainingState | undefined;
    if (state === undefined) {
      // A backup of Keras: it knows the epoch alone.
      const text = await readSource(this.#metadata, where).catch(() => undefined);
      const known: unknown = text && JSON.parse(new TextDecoder().decode(text));
      const epoch = isPlainObject(known) && typeof known["epoch"] === "number" ? known["epoch"] : 0;
      model.trainingPosition?.goTo({ epoch, batch: 0, orders: null, metrics: [] });
      return;
    }
    const seeds = seedsOf(model);
    if (seeds.length === state.seeds.length) {
      seeds.forEach((v, i) => {
        v.assign(state.seeds[i]!);
      });
    }
    globalSeedGenerator().state.assign(state.globalSeed);
    setDefaultSeed(state.defaultSeed);
    model.trainingPosition?.goTo(state.position);
    this.#restored = state.callbacks;
  }
}

/** The states of the model's random generators, which Keras does not save. */
function seedsOf(model: SavableModel): SavableModel["variables"] {
  const weights = new Set(model.weights);
  return model.variables.filter((v) => !weights.has(v));
}
