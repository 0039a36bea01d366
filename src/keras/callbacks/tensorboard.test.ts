// TensorBoard's files are read back here by a reader of their formats; SwapEMAWeights and RemoteMonitor in real trainings.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ValueError } from "../../engine/index.ts";
import { crc32c } from "../../files/tfrecord.ts";
import { Input } from "../layers/core/input_layer.ts";
import { Dense, Embedding, Flatten } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import { MultiOptimizer, SGD } from "../optimizers/index.ts";
import { ExponentialDecay } from "../optimizers/schedules/index.ts";
import { type Callback, LambdaCallback, RemoteMonitor, SwapEMAWeights, TensorBoard } from "./index.ts";
import { eventRecord, histogram, scalarSummary, versionRecord } from "./tensorboard_events.ts";

/** The fields of a message by number: whole numbers, or bytes. */
function fields(bytes: Uint8Array): Map<number, (number | Uint8Array)[]> {
  const found = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (n: number): Uint8Array => bytes.slice(at, (at += n));
  while (at < bytes.length) {
    const key = varint();
    const type = key % 8;
    const value = type === 0 ? varint() : take(type === 1 ? 8 : type === 5 ? 4 : varint());
    found.set(Math.floor(key / 8), [...(found.get(Math.floor(key / 8)) ?? []), value]);
  }
  expect(at).toBe(bytes.length);
  return found;
}

const text = (bytes: unknown): string => new TextDecoder().decode(bytes as Uint8Array);
const inner = (message: ReturnType<typeof fields>, field: number): ReturnType<typeof fields> =>
  fields(message.get(field)![0] as Uint8Array);

interface Summary {
  readonly tag: string;
  readonly step: number;
  readonly plugin: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly strings: readonly Uint8Array[];
}

/** The events of a file, whose every checksum is compared. */
function readEvents(bytes: Uint8Array): Summary[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const unmask = (at: number): number => {
    const turned = (view.getUint32(at, true) - 0xa282ead8) >>> 0;
    return ((turned >>> 17) | (turned << 15)) >>> 0;
  };
  const summaries: Summary[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const body = bytes.slice(at + 12, at + 12 + length);
    expect(unmask(at + 8)).toBe(crc32c(bytes.slice(at, at + 8)));
    expect(unmask(at + 12 + length)).toBe(crc32c(body));
    const event = fields(body);
    if (at === 0) expect(text(event.get(3)![0])).toBe("brain.Event:2");
    else {
      const value = inner(inner(event, 5), 1);
      const tensor = inner(value, 8);
      const content = tensor.get(4)?.[0] as Uint8Array | undefined;
      const type = tensor.get(1)![0];
      summaries.push({
        tag: text(value.get(1)![0]),
        step: event.get(2)![0] as number,
        plugin: text(inner(inner(value, 9), 1).get(1)![0]),
        shape: (inner(tensor, 2).get(2) ?? []).map((dim) => fields(dim as Uint8Array).get(1)![0] as number),
        values:
          content === undefined
            ? []
            : [...(type === 1 ? new Float32Array(content.buffer) : new Float64Array(content.buffer))],
        strings: (tensor.get(8) ?? []) as Uint8Array[],
      });
    }
    at += length + 16;
  }
  return summaries;
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsuno-events-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(log: string, part: string): Summary[] {
  return readdirSync(join(folder, log, part))
    .filter((name) => name.startsWith("events."))
    .flatMap((name) => readEvents(Uint8Array.from(readFileSync(join(folder, log, part, name)))));
}

const x = [[0], [1], [2], [3]];
const y = [[1], [3], [5], [7]];

function line(): Sequential {
  return new Sequential([Input([1]), new Dense(1, { kernelInitializer: "zeros", name: "line" })]);
}

describe("the format", () => {
  test("checksums and the first record are those of TensorFlow's files", () => {
    expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
    // The head of every event file: 24 bytes follow, and their masked checksum.
    expect([...versionRecord(1.5).subarray(0, 12)]).toEqual([
      24, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22,
    ]);
  });

  test("large steps and long tags", () => {
    const [first] = [versionRecord(0), eventRecord(1, 2 ** 40 + 3, scalarSummary("a/".repeat(200), -0.5))];
    const record = eventRecord(1, 2 ** 40 + 3, scalarSummary("a/".repeat(200), -0.5));
    const file = new Uint8Array(first.length + record.length);
    file.set(first);
    file.set(record, first.length);
    expect(readEvents(file)).toMatchObject([
      { tag: "a/".repeat(200), step: 2 ** 40 + 3, shape: [], values: [-0.5] },
    ]);
  });

  test("histograms, of different, equal and no values", () => {
    const rows = histogram([0, 0.5, 1, 30, 30]);
    expect([...rows.subarray(0, 6)]).toEqual([0, 1, 2, 1, 2, 1]);
    expect([...rows.subarray(87)]).toEqual([29, 30, 2]);
    const same = histogram([2, 2, Number.NaN]);
    expect([...same.subarray(0, 3), ...same.subarray(87)]).toEqual([2, 2, 0, 2, 2, 2]);
    expect(histogram([]).every((v) => v === 0)).toBe(true);
  });
});

describe("TensorBoard", () => {
  test("writes epochs, learning rates, validation and the model", async () => {
    const model = line();
    const learningRate = new ExponentialDecay(0.1, 1, 0.5);
    model.compile({ optimizer: new SGD({ learningRate }), loss: "mse" });
    const history = await model.fit(x, y, {
      epochs: 3,
      batchSize: 2,
      validationData: [x, y],
      verbose: 0,
      callbacks: [new TensorBoard({ logDir: join(folder, "epochs") })],
    });
    const train = read("epochs", "train");
    const series = (all: Summary[], tag: string): number[][] =>
      all.filter((s) => s.tag === tag).map((s) => [s.step, s.values[0]!]);
    const expected = (values: readonly number[]): unknown =>
      values.map((v, i) => [i, expect.closeTo(v, 6) as unknown]);
    expect(series(train, "epoch_loss")).toEqual(expected(history.history["loss"]!));
    expect(series(train, "epoch_learning_rate")).toEqual(expected([0.1 / 4, 0.1 / 16, 0.1 / 64]));
    const validation = read("epochs", "validation");
    expect(series(validation, "epoch_loss")).toEqual(expected(history.history["val_loss"]!));
    expect(series(validation, "evaluation_loss_vs_iterations")).toEqual(
      history.history["val_loss"]!.map((v, i) => [2 * (i + 1), expect.closeTo(v, 6) as unknown]),
    );
    const graph = train.find((s) => s.plugin === "graph_keras_model")!;
    expect(JSON.parse(text(graph.strings[0]))).toEqual(JSON.parse(model.toJson()));
    expect(new Set([...train, ...validation].map((s) => s.plugin))).toEqual(
      new Set(["scalars", "graph_keras_model"]),
    );
  });

  test("writes batches, every so many", async () => {
    const model = line();
    model.compile({ optimizer: "sgd", loss: "mse" });
    const losses: number[] = [];
    const listener = new LambdaCallback({ onTrainBatchEnd: (_, logs) => void losses.push(logs!["loss"]!) });
    const board = new TensorBoard({
      logDir: join(folder, "batches"),
      updateFreq: 2,
      writeStepsPerSecond: true,
      writeGraph: false,
    });
    await model.fit(x, y, { epochs: 2, batchSize: 1, verbose: 0, callbacks: [listener, board] });
    const train = read("batches", "train");
    const batches = train.filter((s) => s.tag === "batch_loss");
    expect(batches.map((s) => s.step)).toEqual([2, 4, 6, 8]);
    expect(batches.map((s) => s.values[0])).toEqual([1, 3, 5, 7].map((i) => expect.closeTo(losses[i]!, 6)));
    expect(train.filter((s) => s.tag === "batch_steps_per_second").every((s) => s.values[0]! > 0)).toBe(true);
    expect(train.filter((s) => s.tag === "epoch_steps_per_second")).toHaveLength(2);
  });

  test("writes distributions, pictures and embeddings", async () => {
    const embedding = new Embedding(5, 2, { name: "words" });
    const model = new Sequential([
      Input([2], { dtype: "int32" }),
      embedding,
      new Flatten(),
      new Dense(1, { name: "out" }),
    ]);
    model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "mse" });
    const options = {
      logDir: join(folder, "weights"),
      histogramFreq: 2,
      writeImages: true,
      embeddingsFreq: 1,
    };
    const board = new TensorBoard({ ...options, embeddingsMetadata: { words: "words.txt" } });
    await model.fit(
      [
        [0, 1],
        [2, 3],
      ],
      [[0], [1]],
      { epochs: 3, verbose: 0, callbacks: [board] },
    );
    const train = read("weights", "train");
    const kernel = train.filter((s) => s.tag.endsWith("out/kernel/histogram"));
    expect(kernel.map((s) => [s.step, s.shape.join()])).toEqual([
      [0, "30,3"],
      [2, "30,3"],
    ]);
    expect([...histogram(model.layers.at(-1)!.weights[0]!.value.dataSync())]).toEqual(kernel[0]!.values);
    const picture = train.find((s) => s.tag.endsWith("words/embeddings/image"))!;
    // Five rows of two become two of five.
    expect(picture.strings.slice(0, 2).map(text)).toEqual(["5", "2"]);
    const png = Buffer.from(picture.strings[2]!);
    const start = png.indexOf("IDAT");
    const pixels = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
    expect(pixels.length).toBe(2 * (1 + 5 * 4));
    const config = readFileSync(join(folder, "weights", "projector_config.pbtxt"), "utf8");
    expect(config).toBe(
      'embeddings {\n  tensor_name: "words"\n  tensor_path: "train/words.tsv"\n  metadata_path: "words.txt"\n}\n',
    );
    const rows = readFileSync(join(folder, "weights", "train", "words.tsv"), "utf8")
      .trim()
      .split("\n");
    expect(rows.map((row) => row.split("\t").map(Number))).toEqual(embedding.embeddings.arraySync());
    const wrong = new TensorBoard({ ...options, embeddingsMetadata: { letters: "words.txt" } });
    await expect(model.fit([[0, 1]], [[0]], { verbose: 0, callbacks: [wrong] })).rejects.toThrow(/letters/);
  });

  test("evaluates into the validation's folder; refuses what it cannot do", async () => {
    const model = line();
    model.compile({ optimizer: "sgd", loss: "mse" });
    await model.evaluate(x, y, {
      verbose: 0,
      callbacks: [new TensorBoard({ logDir: join(folder, "evaluated") })],
    });
    expect(read("evaluated", "validation").map((s) => [s.tag, s.step, s.values[0]])).toEqual([
      ["evaluation_loss_vs_iterations", 0, 21],
    ]);
    expect(() => new TensorBoard({ updateFreq: 0 })).toThrow(ValueError);
    expect(() => new TensorBoard({ profileBatch: 3 as 0 })).toThrow(/model.profile/);
  });
});

describe("SwapEMAWeights", () => {
  /** Weight by weight what a step of gradient descent and its average are, in numbers of our own. */
  function expectedRun(epochs: number): { weights: number[][]; averages: number[][] } {
    let [w, b] = [0, 0];
    let average: number[] = [];
    const run = { weights: [] as number[][], averages: [] as number[][] };
    for (let e = 0; e < epochs; e++) {
      const errors = x.map(([v], i) => w * v! + b - y[i]![0]!);
      const dw = (2 / 4) * errors.reduce((sum, error, i) => sum + error * x[i]![0]!, 0);
      const db = (2 / 4) * errors.reduce((sum, error) => sum + error, 0);
      [w, b] = [w - 0.1 * dw, b - 0.1 * db];
      average = e === 0 ? [w, b] : [0.5 * average[0]! + 0.5 * w, 0.5 * average[1]! + 0.5 * b];
      run.weights.push([w, b]);
      run.averages.push(average);
    }
    return run;
  }
  const lossOf = ([w, b]: number[]): number =>
    x.reduce((sum, [v], i) => sum + (w! * v! + b! - y[i]![0]!) ** 2, 0) / 4;
  const near = (values: readonly number[]): unknown => values.map((v) => expect.closeTo(v, 4) as unknown);
  const flat = (model: Sequential): number[] => model.getWeights().flatMap((t) => [...t.dataSync()]);
  const optimizer = (): SGD => new SGD({ learningRate: 0.1, useEma: true, emaMomentum: 0.5 });

  test.each([false, true])(
    "validates with averages, trains with weights (swapOnEpoch %s)",
    async (swapOnEpoch) => {
      const model = line();
      model.compile({ optimizer: optimizer(), loss: "mse" });
      const seen: number[][] = [];
      const look = new LambdaCallback({ onEpochEnd: () => void seen.push(flat(model)) });
      const callbacks: Callback[] = [new SwapEMAWeights({ swapOnEpoch }), look];
      const history = await model.fit(x, y, {
        epochs: 4,
        batchSize: 4,
        validationData: [x, y],
        verbose: 0,
        callbacks,
      });
      const { weights, averages } = expectedRun(4);
      expect(history.history["val_loss"]).toEqual(near(averages.map(lossOf)));
      expect(history.history["loss"]).toEqual(near([21, ...weights.slice(0, -1).map(lossOf)]));
      expect(seen).toEqual((swapOnEpoch ? averages : weights).map(near));
      // As always at the end of a training with averages.
      expect(flat(model)).toEqual(near(averages[3]!));
    },
  );

  test("predicts and evaluates with averages; several optimizers", async () => {
    const model = line();
    const several = new MultiOptimizer(() => optimizer());
    model.compile({ optimizer: several, loss: "mse" });
    for (let i = 0; i < 2; i++) await model.trainOnBatch(x, y);
    const { weights, averages } = expectedRun(2);
    const options = { verbose: 0, callbacks: [new SwapEMAWeights()] } as const;
    const [loss] = await model.evaluate(x, y, options);
    expect(loss).toBeCloseTo(lossOf(averages[1]!), 4);
    const predicted = await model.predict([[1]], options);
    expect(predicted.item()).toBeCloseTo(averages[1]![0]! + averages[1]![1]!, 4);
    expect(flat(model)).toEqual(near(weights[1]!));
  });

  test("needs averages", async () => {
    const model = line();
    model.compile({ optimizer: "sgd", loss: "mse" });
    const fitting = model.fit(x, y, { verbose: 0, callbacks: [new SwapEMAWeights()] });
    await expect(fitting).rejects.toThrow(/useEma/);
  });
});

describe("RemoteMonitor", () => {
  test("posts each epoch as a form or as JSON", async () => {
    const got: { url: string | undefined; body: string; headers: IncomingHttpHeaders }[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      request.on("end", () => {
        got.push({ url: request.url, body, headers: request.headers });
        response.end("ok");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const model = line();
      model.compile({ optimizer: "sgd", loss: "mse" });
      const form = new RemoteMonitor({ root, headers: { "x-key": "secret" } });
      const json = new RemoteMonitor({ root, path: "/json", sendAsJson: true });
      const history = await model.fit(x, y, { epochs: 2, verbose: 0, callbacks: [form, json] });
      const events = history.history["loss"]!.map((loss, epoch) => ({ epoch, loss }));
      const forms = got.filter((g) => g.url === "/publish/epoch/end/");
      expect(forms.map((g) => JSON.parse(new URLSearchParams(g.body).get("data")!))).toEqual(events);
      expect(forms[0]!.headers).toMatchObject({ "x-key": "secret" });
      expect(forms[0]!.headers["content-type"]).toMatch("application/x-www-form-urlencoded");
      const plain = got.filter((g) => g.url === "/json");
      expect(plain.map((g) => JSON.parse(g.body))).toEqual(events);
      expect(plain[0]!.headers["content-type"]).toBe("application/json");
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await new RemoteMonitor({ root }).onEpochEnd(0, { loss: 1 });
    expect(warn).toHaveBeenCalledWith(`Could not reach RemoteMonitor root server at ${root}`);
    warn.mockRestore();
  });
});
