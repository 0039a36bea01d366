/** Datasets of folders: which files, in which order, with which labels and numbers, against Keras. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { FileError, type Tensor, UnsupportedError, ValueError } from "../../engine/index.ts";
import type { FolderHandle } from "../../files/folder.ts";
import { Dense, Flatten, Input } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import { resize } from "../ops/image_resize.ts";
import { shuffleLikeNumpy } from "../random/mersenne_twister.ts";
import { audioDatasetFromDirectory } from "./audio_dataset_utils.ts";
import { resizeFloats } from "./float_resample.ts";
import { imageDatasetFromDirectory } from "./image_dataset_utils.ts";
import { textDatasetFromDirectory } from "./text_dataset_utils.ts";

interface Fixture {
  readonly files: Readonly<Record<string, string>>;
  readonly tree: readonly string[];
  readonly orders: readonly {
    readonly labels: "inferred" | null;
    readonly classNames: string[] | null;
    readonly shuffle: boolean;
    readonly seed: number | null;
    readonly paths: string[];
    readonly given: number[] | null;
    readonly names: string[] | null;
  }[];
  readonly parts: readonly [string[], string[]];
  readonly resized: readonly {
    readonly file: string;
    readonly colorMode: "rgb" | "rgba" | "grayscale";
    readonly imageSize: readonly [number, number];
    readonly interpolation: "bilinear";
    readonly crop: boolean;
    readonly pad: boolean;
    readonly data: string;
  }[];
  readonly sounds: Readonly<Record<string, string>>;
  readonly heard: readonly {
    readonly file: string;
    readonly samplingRate: number | null;
    readonly outputSequenceLength: number | null;
    readonly shape: number[];
    readonly data: string;
  }[];
  readonly shuffles: readonly { readonly seed: number; readonly n: number; readonly order: number[] }[];
}

const fixture = JSON.parse(
  gunzipSync(
    readFileSync(new URL("../../../test/fixtures/directory/files.json.gz", import.meta.url)),
  ).toString(),
) as Fixture;
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
const floats = (text: string): Float32Array => new Float32Array(bytes(text).slice().buffer);

const root = mkdtempSync(join(tmpdir(), "tsuno-folders-"));
const pictures = join(root, "pictures");
const letters = join(root, "letters");
const sounds = join(root, "sounds");
function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
beforeAll(() => {
  for (const path of fixture.tree) write(join(pictures, path), bytes(fixture.files["rgb.png"]!));
  for (const [name, text] of Object.entries({
    "b/1": "Guten Tag",
    "a/2": "Konnichiwa",
    "a/1": "角が二つ",
    "b/3": "",
  }))
    write(join(letters, `${name}.txt`), text);
  for (const [name, content] of Object.entries(fixture.sounds))
    write(join(sounds, name.split(".")[0]!, name), bytes(content));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** The largest distance between numbers. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i]!)));

describe("files and labels", () => {
  test.each(fixture.orders)(
    "labels $labels, classNames $classNames, shuffle $shuffle, seed $seed",
    async ({ paths, given, names, ...options }) => {
      const dataset = await imageDatasetFromDirectory(pictures, { ...options, verbose: false, imageSize: 4 });
      expect(dataset.filePaths.map((path) => relative(pictures, path))).toEqual(paths);
      expect(dataset.classNames).toEqual(names);
      if (given === null || options.shuffle) return;
      const labels: number[] = [];
      for await (const [, y] of dataset as AsyncIterable<readonly [Tensor, Tensor]>)
        labels.push(...y.dataSync());
      expect(labels).toEqual(given);
    },
  );

  test.each(fixture.shuffles)("the order of RandomState($seed).shuffle of $n", ({ seed, n, order }) => {
    const list = Array.from({ length: n }, (_, i) => i);
    shuffleLikeNumpy(list, seed);
    expect(list).toEqual(order);
  });

  test("a part for validation is the same in every call", async () => {
    const options = { validationSplit: 0.3, seed: 9, imageSize: 4 } as const;
    const [training, validation] = await imageDatasetFromDirectory(pictures, { ...options, subset: "both" });
    const names = (set: { filePaths: readonly string[] }): string[] =>
      set.filePaths.map((p) => relative(pictures, p));
    expect([names(training), names(validation)]).toEqual(fixture.parts);
    expect(printed).toBe(
      "Found 28 files belonging to 3 classes.\nUsing 20 files for training.\nUsing 8 files for validation.\n",
    );
    const alone = await imageDatasetFromDirectory(pictures, { ...options, subset: "validation" });
    expect(names(alone)).toEqual(fixture.parts[1]);
    expect([training.cardinality, training.batchSize]).toEqual([1, 32]);
  });

  test("labels as numbers, vectors, and given ones", async () => {
    const options = { shuffle: false, verbose: false } as const;
    const [[, oneHot]] = (await textDatasetFromDirectory(letters, {
      ...options,
      labelMode: "categorical",
    }).then((d) => d.toArray())) as [readonly [string[], Tensor]];
    expect(oneHot.arraySync()).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
    const binary = await textDatasetFromDirectory(letters, {
      ...options,
      labelMode: "binary",
      batchSize: null,
    });
    const samples = await binary.toArray();
    expect(samples.map(([text, y]) => [text, y.arraySync()])).toEqual([
      ["角が二つ", [0]],
      ["Konnichiwa", [0]],
      ["Guten Tag", [1]],
      ["", [1]],
    ]);
    const given = await textDatasetFromDirectory(letters, { ...options, labels: [7, 7, 3, 9] });
    expect(given.classNames).toEqual(["3", "7", "9"]);
    const [batch] = await given.toArray();
    expect(batch![1].arraySync()).toEqual([7, 7, 3, 9]);
    expect(batch![1].dtype).toBe("int32");
    const none = await textDatasetFromDirectory(letters, {
      ...options,
      labels: null,
      maxLength: 3,
      batchSize: 3,
    });
    expect(await none.toArray()).toEqual([["角が二", "Kon", "Gut"], [""]]);
    expect(none.classNames).toBe(null);
  });

  test("each pass has an order of its own, with a seed the same ones again", async () => {
    const passes = async (): Promise<string[]> => {
      const set = await textDatasetFromDirectory(letters, { labels: null, seed: 4, verbose: false });
      return [...(await set.toArray()), ...(await set.toArray()), ...(await set.toArray())].map(String);
    };
    const once = await passes();
    expect(new Set(once).size).toBeGreaterThan(1);
    expect(await passes()).toEqual(once);
  });

  test("links are followed only when asked for", async () => {
    symlinkSync(join(letters, "b"), join(letters, "a", "link"));
    try {
      const count = async (followLinks: boolean): Promise<number> =>
        (await textDatasetFromDirectory(letters, { followLinks, verbose: false })).filePaths.length;
      expect([await count(false), await count(true)]).toEqual([4, 6]);
    } finally {
      rmSync(join(letters, "a", "link"));
    }
  });

  test("the handle of a folder, as browsers hand it out", async () => {
    const folder = (name: string, inside: Record<string, unknown>): FolderHandle => ({
      kind: "directory",
      name,
      async *entries() {
        for (const [key, value] of Object.entries(inside)) {
          if (typeof value === "string")
            yield [key, { kind: "file", getFile: async () => new Blob([value]) }] as const;
          else yield [key, folder(key, value as Record<string, unknown>)] as const;
        }
      },
    });
    const handle = folder("mail", {
      y: { "1.txt": "yes" },
      n: { "1.txt": "no", deep: { "0.TXT": "never" } },
    });
    const set = await textDatasetFromDirectory(handle, { shuffle: false, verbose: false });
    expect(set.filePaths).toEqual(["mail/n/1.txt", "mail/n/deep/0.TXT", "mail/y/1.txt"]);
    const [batch] = await set.toArray();
    expect(batch![0]).toEqual(["no", "never", "yes"]);
  });

  test.each([
    ["a folder that is not there", join(root, "none"), {}, FileError],
    ["a seed is missing", letters, { validationSplit: 0.5, subset: "training" }, ValueError],
    ["a split without a part", letters, { validationSplit: 0.5, seed: 1 }, ValueError],
    ["no split at all", letters, { subset: "training", seed: 1 }, ValueError],
    ["a split of everything", letters, { validationSplit: 1, subset: "training", seed: 1 }, ValueError],
    ["an unknown class", letters, { classNames: ["a", "c"] }, ValueError],
    [
      "class names for labels that are given",
      letters,
      { labels: [1, 2, 3, 4], classNames: ["a"] },
      ValueError,
    ],
    ["too few labels", letters, { labels: [1] }, ValueError],
    ["labels that are no numbers", letters, { labels: ["a"] as never }, ValueError],
    ["an unknown label mode", letters, { labelMode: "float" as never }, ValueError],
    ["a folder without texts", pictures, {}, ValueError],
    ["an empty part", letters, { validationSplit: 0.1, subset: "validation", shuffle: false }, ValueError],
    ["an unknown option", letters, { colour: 1 }, ValueError],
  ] as const)("%s is an error", async (_, place, options, kind) => {
    await expect(textDatasetFromDirectory(place, { verbose: false, ...options })).rejects.toThrow(kind);
  });
});

describe("pictures", () => {
  test("in another size, as Keras has them", async () => {
    for (const [i, { file, data, crop, pad, ...options }] of fixture.resized.entries()) {
      const place = join(root, `one${i}`);
      write(join(place, file), bytes(fixture.files[file]!));
      const set = await imageDatasetFromDirectory(place, {
        ...options,
        labels: null,
        verbose: false,
        batchSize: null,
        cropToAspectRatio: crop,
        padToAspectRatio: pad,
      });
      const [image] = await set.toArray();
      expect(image!.shape.slice(0, 2)).toEqual(options.imageSize);
      expect(distance(image!.dataSync(), floats(data))).toBeLessThan(1e-3);
    }
  });

  test("further kinds of interpolation keep what is even, and area is the mean", () => {
    const even = { height: 6, width: 6, channels: 1, data: new Float32Array(36).fill(5) };
    for (const method of ["area", "gaussian", "mitchellcubic"] as const)
      expect(distance(resizeFloats(even, 4, 9, method).data, new Float32Array(36).fill(5))).toBeLessThan(
        1e-5,
      );
    const ramp = { height: 1, width: 6, channels: 1, data: Float32Array.of(0, 1, 2, 3, 4, 5) };
    expect([...resizeFloats(ramp, 1, 3, "area").data]).toEqual([0.5, 2.5, 4.5]);
    expect([...resizeFloats(ramp, 1, 4, "bilinear").data]).toEqual([
      ...resize([[[0], [1], [2], [3], [4], [5]]], [1, 4]).dataSync(),
    ]);
  });

  test("channels come first if they are to, and a model trains on them", async () => {
    const options = { imageSize: [4, 5], classNames: ["cats", "dogs"], seed: 2, verbose: false } as const;
    const first = await imageDatasetFromDirectory(pictures, {
      ...options,
      dataFormat: "channels_first",
      batchSize: 5,
    });
    const [batch] = await first.take(1).toArray();
    expect(batch![0].shape).toEqual([5, 3, 4, 5]);
    const set = await imageDatasetFromDirectory(pictures, { ...options, labelMode: "categorical" });
    const model = new Sequential([Input([4, 5, 3]), new Flatten(), new Dense(2)]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    const { history } = await model.fit(set as never, undefined, { epochs: 2, verbose: 0 });
    expect(history["loss"]!.length).toBe(2);
  });

  test("damaged pictures are named when they are read", async () => {
    const place = join(root, "damaged");
    write(join(place, "x", "a.png"), "no picture");
    const set = await imageDatasetFromDirectory(place, { verbose: false });
    await expect(set.toArray()).rejects.toThrow("this is no picture");
    await expect(
      imageDatasetFromDirectory(place, { cropToAspectRatio: true, padToAspectRatio: true }),
    ).rejects.toThrow(ValueError);
    await expect(imageDatasetFromDirectory(place, { imageSize: [1] as never })).rejects.toThrow(ValueError);
  });
});

describe("sounds", () => {
  test("of all kinds, resampled, cut off and filled up", async () => {
    for (const { file, shape, data, ...options } of fixture.heard) {
      const set = await audioDatasetFromDirectory(join(sounds, file.split(".")[0]!), {
        ...options,
        labels: null,
        batchSize: null,
        verbose: false,
      });
      const [sound] = await set.toArray();
      expect(sound!.shape).toEqual(shape);
      expect(distance(sound!.dataSync(), floats(data))).toBeLessThan(2e-6);
    }
  });

  test("shorter ones of a batch are filled up with zeros", async () => {
    const set = await audioDatasetFromDirectory(sounds, {
      classNames: ["i32", "u8"],
      shuffle: false,
      verbose: false,
    });
    const [batch] = await set.toArray();
    expect(batch![0].shape).toEqual([2, 50, 1]);
    expect([...batch![0].at(1, [33, null]).dataSync()].every((v) => v === 0)).toBe(true);
    expect(batch![1].arraySync()).toEqual([0, 1]);
  });

  test("what cannot be is refused", async () => {
    await expect(audioDatasetFromDirectory(sounds, { ragged: true })).rejects.toThrow(UnsupportedError);
    await expect(audioDatasetFromDirectory(sounds, { samplingRate: 0 })).rejects.toThrow(ValueError);
    const place = join(root, "noise");
    write(join(place, "x", "a.wav"), "RIFF....WAVEfmt ");
    const set = await audioDatasetFromDirectory(place, { verbose: false });
    await expect(set.toArray()).rejects.toThrow(FileError);
  });
});
