// What a workload and a contestant are: the shapes that the files under bench/workloads/ fill in.

/** Numbers of one run of one contestant; medians are taken per name. */
export type Figures = Record<string, number>;

/** What a contestant returns from one process. */
export interface Outcome {
  figures: Figures;
  /** Versions of the libraries that took part, for the JSON. */
  versions: Record<string, string>;
}

/** What the parent asks of a contestant's process. */
export interface Request {
  /** Number of the repeat, from 0; contestants derive their seeds from it. */
  repeat: number;
  /** How many threads it may use; Tsuno's processes have it in their environment as well. */
  threads: number;
}

/** A file `bench/workloads/<workload>/<contestant>.mjs`. */
export interface Contestant {
  label: string;
  /** What is special about this contestant's run (scaled down, not quite the same task); printed under the table. */
  remark?: string;
  /** Too slow to be repeated: runs in the first repeat only. */
  once?: boolean;
  run(request: Request): Promise<Outcome>;
}

/** A column of the printed table. */
export interface Column {
  figure: string;
  title: string;
  digits: number;
}

/** Medians over the repeats; NaN for what was not measured. */
export type Lookup = (contestant: string, figure: string) => number;

export interface Goal {
  title: string;
  value: (median: Lookup) => number;
  atMost?: number;
  atLeast?: number;
  /** Better still: printed beside the goal. */
  aim?: number;
  /** The share of the machine's 128-bit peak that was measured beside a `value` in proportion to it. */
  shareOfPeak?: (median: Lookup) => number;
}

/** A file `bench/workloads/<workload>/workload.mjs`. */
export interface Workload {
  title: string;
  /** "relaxed": on the newer Node with relaxed SIMD where the bench has one. */
  node: "current" | "relaxed";
  /** Names of the contestants' files, Tsuno's first; `tsuno@2` is tsuno.mjs with two threads. */
  contestants: string[];
  columns: Column[];
  /** The figure that contestants are compared by, as how many times faster Tsuno is. */
  headline: { figure: string; better: "lower" | "higher" };
  goals: Goal[];
  /** Sentences about results that cannot be right: empty when all is well. */
  doubts: (median: Lookup, contestants: readonly string[]) => string[];
}

/** What a `task.mjs` of a workload that trains exports: all that its contestants share. */
export interface TrainingTask {
  batchSize: number;
  /** Batches that Tsuno and the other fast contestants are measured over. */
  batchCount: number;
  /** The first batches of a fresh model: they warm up, and their loss is compared. */
  warmUpBatches: number;
  /** Of a step of training, by flops.mjs. */
  flopsPerSample: number;
  /** The first samples, whose loss before training is compared. */
  checkCount: number;
  learningRate: number;
  /** Shapes of one sample and of one target. */
  sampleShape: number[];
  targetShape: number[];
  /** `count` samples; the first ones are the same for every count. */
  samples(count: number): { x: Float32Array | Int32Array; t: Float32Array | Int32Array };
  /** In the order of Keras's `getWeights`. */
  initialWeights(repeat: number): { shape: number[]; data: Float32Array }[];
}
