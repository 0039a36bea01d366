/** Keras's datasets from small files in their formats: what comes out is what Keras makes of the same files. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { FileError, Tensor, ValueError } from "../../engine/index.ts";
import { snakeToCamel } from "../saving/config.ts";
import type { GetFileOptions } from "../utils/file_utils.ts";
import { joinBatches, readBatch } from "./cifar.ts";
import * as datasets from "./index.ts";
import { readPickle } from "./pickle.ts";

interface Fixture {
  readonly files: Readonly<Record<string, string>>;
  readonly calls: readonly {
    readonly module: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly asked: readonly (readonly [string, string | null, string | null])[];
    readonly train: readonly [unknown, unknown];
    readonly test: readonly [unknown, unknown];
  }[];
  readonly batches: readonly {
    readonly name: string;
    readonly key: string;
    readonly file: string;
    readonly labels: number[];
    readonly pixels: string;
  }[];
}

const fixture = JSON.parse(
  gunzipSync(
    readFileSync(new URL("../../../test/fixtures/datasets/files.json.gz", import.meta.url)),
  ).toString(),
) as Fixture;
const folder = mkdtempSync(join(tmpdir(), "tsuno-datasets-"));
const asked: [string, string | null, string | null][] = [];

// What is fetched is tested with `getFile` itself: here its place is taken, for real files have real hashes.
vi.mock("../utils/file_utils.ts", () => ({
  getFile: async ({ origin, fname, fileHash, cacheSubdir }: GetFileOptions): Promise<string> => {
    asked.push([String(origin), fileHash ?? null, cacheSubdir ?? null]);
    return join(folder, fname!);
  },
}));

beforeAll(() => {
  for (const [name, content] of Object.entries(fixture.files))
    writeFileSync(join(folder, name), Buffer.from(content, "base64"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  asked.length = 0;
});
afterEach(() => vi.restoreAllMocks());

type Load = (options: object) => Promise<datasets.TrainAndTest<Tensor | number[][]>>;
const loaderOf = (module: string): Load =>
  (datasets as unknown as Record<string, { loadData: Load }>)[snakeToCamel(module)]!.loadData;
const plain = (x: Tensor | number[][]): unknown => (x instanceof Tensor ? x.arraySync() : x);

/** What was asked for, in an order that does not depend on that of the calls. */
const sorted = (calls: Fixture["calls"][number]["asked"]): string[] =>
  calls.map(([origin, hash, subdir]) => [origin, hash, subdir ?? "datasets"].join(" ")).toSorted();

describe("what Keras makes of the same files", () => {
  test.each(fixture.calls)(
    "$module with $options",
    async ({ module, options, asked: wanted, train, test: tested }) => {
      const given = Object.fromEntries(
        Object.entries(options).map(([key, value]) => [snakeToCamel(key), value]),
      );
      const [[xTrain, yTrain], [xTest, yTest]] = await loaderOf(module)(given);
      const parts = [xTrain, yTrain, xTest, yTest].map(plain) as unknown[][];
      const all = [...train, ...tested] as unknown[][];
      parts.forEach((part, i) => expect(part.slice(0, all[i]!.length)).toEqual(all[i]));
      expect(sorted(asked)).toEqual(sorted(wanted));
    },
  );

  test.each(fixture.batches)("a batch of CIFAR, $name, $key", async ({ name, key, file, labels, pixels }) => {
    const path = join(folder, `${name}-${key}`);
    writeFileSync(path, Buffer.from(file, "base64"));
    const batch = await readBatch(path, key, "test");
    expect(batch.labels).toEqual(labels);
    const [x, y] = joinBatches([batch, batch]);
    expect([x.shape, y.shape, x.dtype]).toEqual([[4, 32, 32, 3], [4, 1], "uint8"]);
    const twice = Buffer.concat([Buffer.from(pixels, "base64"), Buffer.from(pixels, "base64")]);
    expect(Buffer.from(x.dataSync()).equals(twice)).toBe(true);
  });

  test("CIFAR's folders and files", async () => {
    const [cifar10, cifar100] = [
      fixture.batches[0]!,
      fixture.batches.find((b) => b.key === "coarse_labels")!,
    ];
    const write = (path: string, content: string): void => {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), Buffer.from(content, "base64"));
    };
    for (const name of [
      "data_batch_1",
      "data_batch_2",
      "data_batch_3",
      "data_batch_4",
      "data_batch_5",
      "test_batch",
    ])
      write(`cifar-10-batches-py-target/cifar-10-batches-py/${name}`, cifar10.file);
    for (const name of ["train", "test"])
      write(`cifar-100-python-target/cifar-100-python/${name}`, cifar100.file);
    const [[x, y], [xTest]] = await datasets.cifar10.loadData();
    expect([x.shape, y.shape, xTest.shape]).toEqual([
      [10, 32, 32, 3],
      [10, 1],
      [2, 32, 32, 3],
    ]);
    const [[, coarse]] = await datasets.cifar100.loadData({ labelMode: "coarse" });
    expect(coarse.reshape(-1).arraySync()).toEqual(cifar100.labels);
    expect(asked.map(([origin]) => origin)).toEqual([
      "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
      "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
    ]);
  });

  test("words and topics", async () => {
    expect(await datasets.imdb.getWordIndex()).toEqual({ the: 1, fawn: 34701 });
    expect(await datasets.reuters.getWordIndex()).toEqual({ mdbl: 10996 });
    expect(datasets.reuters.getLabelNames().length).toBe(46);
    const text = datasets.reuters.getLabelNames().join(",");
    expect(createHash("sha256").update(text).digest("hex")).toBe(
      "34d358d79f28cce547eb1e5810dba7f746617c2e07e0394a5db688b9c79cea1c",
    );
  });
});

describe("what cannot be is refused", () => {
  test("options", async () => {
    await expect(datasets.bostonHousing.loadData({ testSplit: 1 })).rejects.toThrow(ValueError);
    await expect(datasets.californiaHousing.loadData({ version: "huge" as never })).rejects.toThrow(
      ValueError,
    );
    await expect(datasets.cifar100.loadData({ labelMode: "all" as never })).rejects.toThrow(ValueError);
    await expect(datasets.imdb.loadData({ maxlen: 2 })).rejects.toThrow("Increase maxlen");
    await expect(datasets.mnist.loadData({ name: "x" } as never)).rejects.toThrow(ValueError);
  });

  test("pickles that call something, or are damaged", () => {
    const text = (pickle: string): Uint8Array => new TextEncoder().encode(pickle);
    expect(() => readPickle(text("cos\nsystem\n(S'ls'\ntR."), "test")).toThrow(
      "test: the pickle calls os system, which is refused",
    );
    const whole = new Uint8Array(Buffer.from(fixture.batches[0]!.file, "base64"));
    for (let length = 0; length < 400; length++)
      expect(() => readPickle(whole.subarray(0, length), "test")).toThrow(FileError);
  });

  test("files that hold something else", async () => {
    const name = join(folder, "train-labels-idx1-ubyte.gz");
    const before = readFileSync(name);
    writeFileSync(name, gzipSync(Buffer.alloc(20)));
    await expect(datasets.fashionMnist.loadData()).rejects.toThrow("expected 12 pictures");
    writeFileSync(name, before);
  });
});
