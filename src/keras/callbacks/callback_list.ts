/** All callbacks of a call of `fit`, `evaluate` or `predict` as one. */
import { show, ValueError } from "../../engine/index.ts";
import { notebook } from "../../files/notebook.ts";
import {
  batchHooks,
  Callback,
  type CallbackModel,
  type CallbackParams,
  callHooks,
  epochHooks,
  type Hook,
  type Logs,
  overrides,
  type PastEpochs,
  testHooks,
} from "./callback.ts";
import { History } from "./history.ts";
import { NotebookLogger } from "./notebook_logger.ts";
import { ProgbarLogger } from "./progbar_logger.ts";

/** Options of {@link CallbackList}. */
export interface CallbackListOptions {
  /** Whether a `History` is added if there is none, as for `fit`. Default false. */
  readonly addHistory?: boolean;
  /** Whether a `ProgbarLogger`, or what notebooks show of a `fit` instead, is added if there is none. Default false. */
  readonly addProgbar?: boolean;
  /** The model that the callbacks hear of. */
  readonly model?: CallbackModel;
  /** What the callbacks are told of the training: its epochs, steps, verbosity. */
  readonly params?: CallbackParams;
}

const allHooks: readonly Hook[] = [...batchHooks, ...epochHooks, ...callHooks];
/** The base class hands these on to their other names. */
const forwarded: ReadonlySet<Hook> = new Set(["onTrainBatchBegin", "onTrainBatchEnd"]);

type Arguments<H extends Hook> = Parameters<Callback[H]>;

type Hearers = Readonly<Record<Hook, readonly Callback[]>>;

function hearersAmong(list: readonly Callback[]): Hearers {
  const rows = allHooks.map((hook) => [hook, list.filter((c) => overrides(c, hook) || forwarded.has(hook))]);
  return Object.fromEntries(rows) as Hearers;
}

/** Whether many epochs that are over are one to a callback. A subclass may want to hear of each. */
function hearsOfMany(callback: Callback): callback is History | NotebookLogger {
  return [History, NotebookLogger].some(
    (Class) => callback instanceof Class && epochHooks.every((h) => callback[h] === Class.prototype[h]),
  );
}

/** Calls the rest of the callbacks once a promise is kept. */
async function later(promise: Promise<void>, rest: () => void | Promise<void>): Promise<void> {
  await promise;
  await rest();
}

/**
 * A list of callbacks, called in their order.
 *
 * @example
 * ```ts
 * const list = new CallbackList([new LambdaCallback({ onEpochEnd: () => {} })], { addHistory: true });
 * [list.callbacks.length, list.wantsEpochs, list.wantsBatches]; // → [2, true, false]
 * ```
 */
export class CallbackList extends Callback {
  /** The callbacks, in the order in which they are called. */
  readonly callbacks: readonly Callback[];
  /** The history among them, if there is one. */
  readonly history: History | undefined;
  /** Who does something where a hook is called: of thousands of short epochs most callbacks want to hear nothing. */
  readonly #hearers: Hearers;
  /** Those that wait until the others have heard. */
  readonly #late: readonly Callback[];
  /** Whether someone may act between batches, so that they must run one by one. */
  readonly wantsBatches: boolean;
  /** Whether someone may act between epochs, so that they must run one by one. */
  readonly wantsEpochs: boolean;
  /** Whether someone hears of each epoch by itself, also of those that are over. */
  readonly wantsEach: boolean;
  /** Whether someone may act before or after a validation, so that it must run apart from the training. */
  readonly wantsTests: boolean;

  /**
   * @param options `addHistory` (default false), `addProgbar` (default false), `model`, `params`
   * @throws ValueError when an element is no callback
   */
  constructor(
    callbacks: readonly (Callback | readonly Callback[])[] = [],
    options: CallbackListOptions = {},
  ) {
    super();
    const list: Callback[] = callbacks.flat();
    for (const callback of list) {
      if (!(callback instanceof Callback)) {
        throw new ValueError(`Expected callbacks to be instances of Callback. Received: ${show(callback)}`);
      }
    }
    if (options.addHistory && !list.some((c) => c instanceof History)) list.push(new History());
    if (options.addProgbar && !list.some((c) => c instanceof ProgbarLogger)) {
      const host = notebook();
      const draws = options.addHistory === true && options.params?.verbose !== 2;
      list.push(host !== undefined && draws ? new NotebookLogger(host) : new ProgbarLogger());
    }
    this.callbacks = list;
    this.#late = list.filter((c) => c.onHeard !== Callback.prototype.onHeard);
    this.#hearers = hearersAmong(list);
    this.history = list.find((c) => c instanceof History);
    const active = list.filter((c) => !c.passive);
    this.wantsBatches = active.some((c) => batchHooks.some((hook) => overrides(c, hook)));
    this.wantsTests = active.some((c) => testHooks.some((hook) => overrides(c, hook)));
    this.wantsEpochs = active.some((c) => epochHooks.some((hook) => overrides(c, hook)));
    const hearsOfEach = (c: Callback): boolean => epochHooks.some((h) => overrides(c, h)) && !hearsOfMany(c);
    this.wantsEach = this.#late.length > 0 || list.some(hearsOfEach);
    for (const callback of list) callback.setOthers(list);
    if (options.model !== undefined) this.setModel(options.model);
    if (options.params !== undefined) this.setParams(options.params);
  }

  override setParams(params: CallbackParams): void {
    super.setParams(params);
    for (const callback of this.callbacks) callback.setParams(params);
  }

  override setModel(model: CallbackModel): void {
    super.setModel(model);
    for (const callback of this.callbacks) callback.setModel(model);
  }

  override setSamples(
    x: unknown,
    y: unknown,
    about: { readonly count?: number; readonly programs: object },
  ): void {
    for (const callback of this.callbacks) callback.setSamples(x, y, about);
  }

  /** Calls one method of all callbacks, one after the other; waits only if one of them returns a promise. */
  #tell<H extends Hook>(hook: H, args: Arguments<H>, first = 0): void | Promise<void> {
    const hearers = this.#hearers[hook];
    for (let i = first; i < hearers.length; i++) {
      const method = hearers[i]![hook] as (this: Callback, ...args: Arguments<H>) => void | Promise<void>;
      const result = method.apply(hearers[i]!, args);
      if (result instanceof Promise) return later(result, () => this.#tell(hook, args, i + 1));
    }
  }

  /** The same, and then tells those that wait for the others. */
  #tellAll<H extends "onTrainBegin" | "onEpochEnd" | "onTrainBatchEnd">(
    hook: H,
    index: number,
    args: Arguments<H>,
  ): void | Promise<void> {
    const told = this.#tell(hook, args);
    if (this.#late.length === 0) return told;
    return (async () => {
      await told;
      for (const callback of this.#late) await callback.onHeard(hook, index);
    })();
  }

  /** Tells how many seconds each epoch took that is over when it is told of; 0 for those to come. */
  took(seconds: number): void {
    for (const callback of this.callbacks) if (callback instanceof ProgbarLogger) callback.took(seconds);
  }

  /** Tells of several epochs at once, if nobody wants to hear of each. */
  async onEpochs(epochs: PastEpochs): Promise<void> {
    for (const callback of this.callbacks) if (hearsOfMany(callback)) await callback.onEpochs(epochs);
  }

  override onBatchBegin(batch: number, logs?: Logs): void | Promise<void> {
    return this.#tell("onBatchBegin", [batch, logs]);
  }

  override onBatchEnd(batch: number, logs?: Logs): void | Promise<void> {
    return this.#tell("onBatchEnd", [batch, logs]);
  }

  override onEpochBegin(epoch: number, logs?: Logs): void | Promise<void> {
    return this.#tell("onEpochBegin", [epoch, logs]);
  }

  override onEpochEnd(epoch: number, logs?: Logs): void | Promise<void> {
    return this.#tellAll("onEpochEnd", epoch, [epoch, logs]);
  }

  override onTrainBatchBegin(batch: number, logs?: Logs): void | Promise<void> {
    return this.#tell("onTrainBatchBegin", [batch, logs]);
  }

  override onTrainBatchEnd(batch: number, logs?: Logs): void | Promise<void> {
    return this.#tellAll("onTrainBatchEnd", batch, [batch, logs]);
  }

  override onTestBatchBegin(batch: number, logs?: Logs): void | Promise<void> {
    return this.#tell("onTestBatchBegin", [batch, logs]);
  }

  override onTestBatchEnd(batch: number, logs?: Logs): void | Promise<void> {
    return this.#tell("onTestBatchEnd", [batch, logs]);
  }

  override onPredictBatchBegin(batch: number, logs?: Logs): void | Promise<void> {
    return this.#tell("onPredictBatchBegin", [batch, logs]);
  }

  override onPredictBatchEnd(batch: number, logs?: Logs): void | Promise<void> {
    return this.#tell("onPredictBatchEnd", [batch, logs]);
  }

  override onTrainBegin(logs?: Logs): void | Promise<void> {
    return this.#tellAll("onTrainBegin", 0, [logs]);
  }

  override onTrainEnd(logs?: Logs): void | Promise<void> {
    return this.#tell("onTrainEnd", [logs]);
  }

  override onTestBegin(logs?: Logs): void | Promise<void> {
    return this.#tell("onTestBegin", [logs]);
  }

  override onTestEnd(logs?: Logs): void | Promise<void> {
    return this.#tell("onTestEnd", [logs]);
  }

  override onPredictBegin(logs?: Logs): void | Promise<void> {
    return this.#tell("onPredictBegin", [logs]);
  }

  override onPredictEnd(logs?: Logs): void | Promise<void> {
    return this.#tell("onPredictEnd", [logs]);
  }
}
