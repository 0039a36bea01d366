/** Training, evaluating and predicting with arrays, which lie in device memory as a whole for the length of a call. */
import {
  arrayOf,
  breathe,
  type DType,
  inBreaths,
  runsElsewhere,
  type Shape,
  settle,
  sizeOf,
  type TypedArray,
  tensor,
  treeMap,
} from "../../engine/index.ts";
import { buildSafely } from "../layers/build_journal.ts";
import { type DataTree, ResidentArrays, samplesOf, tensorsOf } from "./data.ts";
import { everything, type Portion } from "./programs.ts";
import type { Host } from "./run_host.ts";
import { SampleOrders } from "./sample_orders.ts";
import { TimeSlice } from "./time_slice.ts";
import type { WholeFit, WholePass } from "./trainer_arguments.ts";
import { compileTraining, inSlices, type Logs, logsOf, type TrainingRun, train } from "./training_loop.ts";

/** Batches that one call of the prediction program does at most. */
const predictRoom = 64;

/** Trains; gives the logs of the last epoch. */
export async function fitArrays(host: Host, plan: WholeFit): Promise<Logs> {
  const resident = new ResidentArrays(plan.data);
  const validation = plan.validation && new ResidentArrays(plan.validation);
  const orders = new SampleOrders(samplesOf(plan.data), plan.shuffle);
  const run: TrainingRun = {
    ...host,
    ...plan,
    data: resident.arrays,
    validation: validation?.arrays ?? null,
    orders,
    listener: host.callbacks,
  };
  host.position.begin(plan.initialEpoch, orders);
  try {
    // A page draws before the model is traced, which cannot be done in parts.
    if (runsElsewhere()) await breathe();
    const stages = buildSafely(() => {
      host.prepare(plan.data, true);
      const all = compileTraining(run);
      all.next();
      return all;
    });
    host.begin();
    host.callbacks.setSamples(plan.data.x, plan.data.y, {
      count: samplesOf(plan.data),
      programs: host.programs,
    });
    await inBreaths(stages);
    await host.callbacks.onTrainBegin();
    return await train(run);
  } finally {
    resident.dispose();
    validation?.dispose();
    orders.dispose();
  }
}

/** Evaluates; gives the logs. */
export async function evaluateArrays(host: Host, { data, batchSize }: WholePass): Promise<Logs> {
  const resident = new ResidentArrays(data);
  try {
    // What does not fit throws before anything has changed.
    const stages = buildSafely(() => {
      host.prepare(data, false);
      const all = host.programs.prepareEvaluation(resident.arrays, batchSize);
      all.next();
      return all;
    });
    await inBreaths(stages);
    let last: Logs = {};
    await host.callbacks.onTestBegin();
    await inPass(host, "Test", everything(samplesOf(data), batchSize), async (part) => {
      last = logsOf(await host.programs.evaluate(resident.arrays, part, batchSize));
      return last;
    });
    await settle();
    await host.callbacks.onTestEnd(last);
    return last;
  } finally {
    resident.dispose();
  }
}

/** Predicts; gives the outputs, one row per sample. */
export async function predictArrays(host: Host, { data, batchSize }: WholePass): Promise<DataTree> {
  host.build(data.x);
  const samples = samplesOf(data);
  const all = everything(samples, batchSize);
  const resident = new ResidentArrays(data);
  const room = Math.min(predictRoom, all.stop);
  let structure: DataTree = null;
  let outputs: { readonly rows: TypedArray; readonly shape: Shape; readonly dtype: DType }[] | undefined;
  const run = async (first: number, count: number, size: number): Promise<void> => {
    const { x } = resident.arrays;
    structure = await host.programs.predict(x, first, count, size, size < batchSize ? 1 : room);
    const tensors = tensorsOf(structure);
    outputs ??= tensors.map((t) => {
      const shape = t.shape.slice(1);
      return { rows: new (arrayOf(t.dtype))(samples * sizeOf(shape)), shape, dtype: t.dtype };
    });
    for (const [n, { rows, shape }] of outputs.entries()) {
      const width = sizeOf(shape);
      rows.set(tensors[n]!.dataSync().subarray(0, count * size * width), first * width);
    }
  };
  try {
    await host.callbacks.onPredictBegin();
    await inPass(host, "Predict", all, async ({ start, stop, tail }) => {
      for (let at = start; at < stop; at += room)
        await run(at * batchSize, Math.min(room, stop - at), batchSize);
      if (tail) await run(all.stop * batchSize, 1, samples % batchSize);
      return {};
    });
    await host.callbacks.onPredictEnd();
  } finally {
    resident.dispose();
  }
  let n = 0;
  return treeMap(() => {
    const { rows, shape, dtype } = outputs![n++]!;
    return tensor(rows, { dtype, shape: [samples, ...shape] });
  }, structure) as DataTree;
}

/** One pass that nobody stops half-way, in slices. */
function inPass(
  host: Host,
  phase: "Test" | "Predict",
  all: Portion["validation"],
  work: (part: Portion["validation"]) => Promise<Logs>,
): Promise<void> {
  const pass = { ...host, shouldStop: () => false };
  return inSlices(pass, new TimeSlice(), all, host.callbacks, phase, work);
}
