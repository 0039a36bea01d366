// Files of NumPy against NumPy itself, and the archives and tensors files that hold them: what is read, what is refused.

import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dtypes, FileError, tensor, ValueError } from "../../src/engine/index.ts";
import { joinBytes } from "../../src/files/bytes.ts";
import { readSource } from "../../src/files/source.ts";
import { bytesOf as partBytes, writeTarget } from "../../src/files/target.ts";
import { openZip } from "../../src/files/zip.ts";
import { writeZip } from "../../src/files/zip_write.ts";
import { decodeSafetensors, loadSafetensors, saveSafetensors } from "../../src/keras/saving/safetensors.ts";
import * as np from "../../src/numpy/index.ts";
import { decodeNpy, encodeNpy } from "../../src/numpy/io/npy.ts";
import { pythonWithKeras, runPython } from "./python.ts";

interface Golden {
  readonly cases: readonly {
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly order: string;
    readonly values: readonly number[];
    readonly npy: string;
  }[];
  readonly versions: readonly { readonly version: readonly number[]; readonly npy: string }[];
  readonly npz: Readonly<Record<"plain" | "compressed", string>>;
  readonly refused: Readonly<Record<string, string>>;
  readonly texts: readonly { readonly fmt: string; readonly text: string }[];
  readonly table: readonly (readonly number[])[];
}

const golden = JSON.parse(
  gunzipSync(readFileSync(new URL("../fixtures/numpy/files.json.gz", import.meta.url))).toString(),
) as Golden;
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

/** An archive in one piece. */
const zipped = async (...args: Parameters<typeof writeZip>): Promise<Uint8Array<ArrayBuffer>> =>
  joinBytes((await writeZip(...args)).map(partBytes));

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsuno-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe(".npy", () => {
  test.each(golden.cases.map((c) => [`${c.dtype} (${c.shape.join()}) ${c.order}`, c] as const))(
    "%s",
    (_, c) => {
      const x = decodeNpy(bytesOf(c.npy), "test");
      expect(x.shape).toEqual(c.shape);
      expect([...x.dataSync()]).toEqual(c.values);
    },
  );

  test("every version of the format", () => {
    for (const { npy } of golden.versions)
      expect(decodeNpy(bytesOf(npy), "test").arraySync()).toEqual([
        [0, 1, 2],
        [3, 4, 5],
      ]);
    expect(golden.versions.map((v) => v.version[0])).toEqual([1, 2, 3]);
  });

  test("the bytes are NumPy's own", () => {
    const own = golden.cases.filter((c) => (dtypes as readonly string[]).includes(c.dtype));
    expect(new Set(own.map((c) => c.dtype)).size).toBe(dtypes.length - 1); // NumPy has no bfloat16.
    for (const c of own) {
      // Columns-first files are read, never written; for less than two axes NumPy writes no such file.
      if (c.order === "F" && c.shape.filter((n) => n > 1).length > 1) continue;
      const x = tensor(c.values, { dtype: c.dtype as "int32", shape: c.shape });
      expect(Buffer.from(encodeNpy(x)).toString("base64")).toBe(c.npy);
      expect(decodeNpy(bytesOf(c.npy), "test").dtype).toBe(c.dtype);
    }
  });

  test.each(Object.entries(golden.refused))("arrays of %s are refused", (_, npy) => {
    expect(() => decodeNpy(bytesOf(npy), "test")).toThrow(FileError);
  });

  test("integers that do not fit are refused, not cut", () => {
    const file = bytesOf(golden.cases.find((c) => c.dtype === "int64" && c.shape.length === 1)!.npy);
    file.set([0, 0, 0, 0, 1, 0, 0, 0], file.length - 8);
    expect(() => decodeNpy(file, "test")).toThrow(/4294967296 does not fit into int32/);
  });

  test("damaged files give typed errors", () => {
    const files = golden.cases.filter((c) => c.shape.length === 2).map((c) => bytesOf(c.npy));
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(200), fc.nat(255), fc.nat(200), (file, at, byte, cut) => {
        const broken = file.slice(0, Math.max(0, file.length - (cut % 40)));
        if (broken.length > 0) broken[at % broken.length] = byte;
        try {
          decodeNpy(broken, "test");
        } catch (error) {
          expect(error).toBeInstanceOf(FileError);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe(".npz", () => {
  test.each(["plain", "compressed"] as const)("%s archives of NumPy", async (kind) => {
    const arrays = await np.loadz(bytesOf(golden.npz[kind]));
    expect(Object.keys(arrays)).toEqual(["x", "y"]);
    expect(arrays.x!.arraySync()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(arrays.y!.arraySync()).toEqual([1.5, -2.5]);
  });

  test("there and back, stored and deflated", async () => {
    for (const save of [np.savez, np.savezCompressed]) {
      await save(join(folder, "both"), [np.arange(1000), [[1.5]]]);
      const back = await np.loadz(join(folder, "both.npz"));
      expect(back.arr_0!.dataSync()[999]).toBe(999);
      expect(back.arr_1!.arraySync()).toEqual([[1.5]]);
    }
    await expect(np.load(join(folder, "both.npz"))).rejects.toThrow(/np.loadz/);
  });

  const zipOf = (...names: string[]): Promise<Uint8Array<ArrayBuffer>> =>
    zipped(names.map((name) => ({ name, bytes: new Uint8Array(10) })));

  test("in the large form, or with more files than the small one has numbers for", async () => {
    const text = new TextEncoder().encode("some text");
    const files = ["a", "folder/b"].map((name) => ({ name, bytes: [text, text] }));
    for (const compress of [false, true]) {
      const zip = await zipped(files, { large: true, compress });
      const archive = openZip(zip, "test");
      expect(archive.names).toEqual(["a", "folder/b"]);
      expect(new TextDecoder().decode(await archive.read("folder/b"))).toBe("some textsome text");
      // The sizes that count are those of 64 bits.
      const view = new DataView(zip.buffer);
      const directory = Number(view.getBigUint64(zip.length - 22 - 76 + 48, true));
      view.setBigUint64(directory + 46 + 1 + 4, 2n ** 40n, true);
      expect(() => openZip(zip, "test")).toThrow(/expands to/);
    }
    const many = await zipped(Array.from({ length: 70_000 }, (_, i) => ({ name: `${i}`, bytes: text })));
    expect(() => openZip(many, "test", { maxEntries: 65_536 })).toThrow(/70000 entries/);
    const archive = openZip(many, "test");
    expect(archive.names).toHaveLength(70_000);
    expect(await archive.read("69999")).toEqual(text);
  });

  test.runIf(pythonWithKeras() !== null)("in the large form as Python reads it", async () => {
    const file = join(folder, "large.zip");
    const text = new TextEncoder().encode("some text");
    await writeTarget(file, await writeZip([{ name: "a/b", bytes: text }], { large: true }), "test");
    const script =
      "import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), z.read('a/b').decode()]))";
    expect(runPython(script, file)).toEqual([null, "some text"]);
  });

  test.each(["../x", "/etc/x", "a/../../x", "C:\\x", "..\\x"])("the name %s is refused", async (name) => {
    const zip = await zipOf(name);
    expect(() => openZip(zip, "test")).toThrow(/leads out/);
  });

  test("duplicates, links, bombs and wrong sums are refused", async () => {
    const twice = await zipOf("a", "a");
    expect(() => openZip(twice, "test")).toThrow(/twice/);
    const link = await zipOf("a");
    const directory = link.lastIndexOf(0x50, link.length - 30);
    new DataView(link.buffer).setUint32(directory + 38, 0o120777 * 2 ** 16, true);
    expect(() => openZip(link, "test")).toThrow(/link/);
    const bomb = await zipped([{ name: "a", bytes: new Uint8Array(5_000_000) }], { compress: true });
    expect(() => openZip(bomb, "test", { maxRatio: 100 })).toThrow(/expands/);
    expect(() => openZip(bomb, "test", { maxBytes: 1000 })).toThrow(/more than 1000 bytes/);
    const wrong = await zipOf("a");
    wrong[35] = 1;
    await expect(openZip(wrong, "test").read("a")).rejects.toThrow(/checksum/);
  });

  test("an entry that holds more than it says does not take the memory", async () => {
    const zip = await zipped([{ name: "a", bytes: new Uint8Array(100_000).fill(7) }], { compress: true });
    const view = new DataView(zip.buffer);
    const directory = zip.length - 22 - 47;
    view.setUint32(directory + 24, 10, true);
    await expect(openZip(zip, "test").read("a")).rejects.toThrow(/longer than the directory says/);
  });
});

describe("text", () => {
  test.each(golden.texts)("savetxt $fmt", async ({ fmt, text }) => {
    const file = join(folder, "table.csv");
    await np.savetxt(file, tensor(golden.table, { dtype: "float64" }), {
      fmt,
      delimiter: ",",
      header: "a,b,c",
    });
    expect(await readFile(file, "utf8")).toBe(text);
  });

  test("loadtxt", async () => {
    const of = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect((await np.loadtxt(of("1 2\n3 4"))).arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect((await np.loadtxt(of("1\n2\n"))).shape).toEqual([2]);
    expect(
      (await np.loadtxt(of("1,2,3\n4,5,6"), { delimiter: ",", usecols: [0, -1], skiprows: 1 })).arraySync(),
    ).toEqual([4, 6]);
    expect((await np.loadtxt(of("7"))).shape).toEqual([]);
    expect((await np.loadtxt(of("7"), { ndmin: 2 })).shape).toEqual([1, 1]);
    await expect(np.loadtxt(of("1 2\n3 x"))).rejects.toThrow(/row 2, column 2: "x" is no number/);
    await expect(np.loadtxt(of("1 2\n3"))).rejects.toThrow(/row 2 has 1 columns, the first one 2/);
  });
});

describe("safetensors", () => {
  test("there and back, with metadata, in the layout of the format", async () => {
    const file = join(folder, "w.safetensors");
    await saveSafetensors(
      file,
      {
        flag: tensor([1, 0], { dtype: "bool" }),
        w: [
          [1, 2.5],
          [-3, 4],
        ],
        wide: tensor([1e300], { dtype: "float64" }),
      },
      { metadata: { format: "pt" } },
    );
    const { tensors, metadata } = await loadSafetensors(file);
    expect(metadata.format).toBe("pt");
    expect(tensors.w!.arraySync()).toEqual([
      [1, 2.5],
      [-3, 4],
    ]);
    expect([tensors.flag!.dtype, tensors.wide!.dataSync()[0]]).toEqual(["bool", 1e300]);
    const bytes = await readFile(file);
    expect((8 + Number(bytes.readBigUInt64LE(0))) % 8).toBe(0);
  });

  test("a file written by hand, with half precision", () => {
    const header = JSON.stringify({
      h: { dtype: "F16", shape: [2], data_offsets: [0, 4] },
      b: { dtype: "BF16", shape: [1], data_offsets: [4, 6] },
    });
    const bytes = new Uint8Array(8 + header.length + 6);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    // 1.5 and -2 as float16, 3.5 as bfloat16.
    bytes.set([0x00, 0x3e, 0x00, 0xc0, 0x60, 0x40], 8 + header.length);
    const { tensors } = decodeSafetensors(bytes, "test");
    expect(tensors.h!.arraySync()).toEqual([1.5, -2]);
    expect(tensors.b!.arraySync()).toEqual([3.5]);
    expect([tensors.h!.dtype, tensors.b!.dtype]).toEqual(["float16", "bfloat16"]);
  });

  test("every dtype comes back with its bits", async () => {
    const file = join(folder, "all.safetensors");
    const given = Object.fromEntries(dtypes.map((dtype) => [dtype, tensor([0, 1, 100], { dtype })]));
    const parts = { ...given, third: tensor([1 / 3, -1e-7, 6e4], { dtype: "float16" }) };
    await saveSafetensors(file, parts);
    const { tensors } = await loadSafetensors(file);
    for (const [name, t] of Object.entries(parts)) {
      expect(tensors[name]!.dtype).toBe(t.dtype);
      expect(tensors[name]!.dataSync()).toEqual(t.dataSync());
    }
    const bytes = await readFile(file);
    const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString()) as Record<
      string,
      { readonly dtype: string; readonly data_offsets: readonly [number, number] }
    >;
    expect(header.bfloat16).toMatchObject({ dtype: "BF16", shape: [3] });
    const [from, to] = header.third!.data_offsets;
    const start = 8 + Number(bytes.readBigUInt64LE(0));
    // NumPy's bits of these numbers.
    expect([...new Uint16Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer)]).toEqual([
      0x3555, 0x8002, 0x7b53,
    ]);
  });

  test("headers that lie are refused", async () => {
    const file = join(folder, "lies.safetensors");
    await saveSafetensors(file, { a: [1, 2], b: [3, 4] });
    const good = new Uint8Array(await readFile(file));
    const text = new TextDecoder().decode(good);
    const swap = (from: string, to: string): Uint8Array => {
      const at = text.indexOf(from);
      expect(at).toBeGreaterThan(0);
      const bad = good.slice();
      bad.set(new TextEncoder().encode(to), at);
      return bad;
    };
    expect(() => decodeSafetensors(swap("[8,16]", "[4,12]"), "test")).toThrow(/overlap/);
    expect(() => decodeSafetensors(swap("[8,16]", "[8,99]"), "test")).toThrow(FileError);
    expect(() => decodeSafetensors(swap('"I32"', '"I99"'), "test")).toThrow(/dtype/);
    expect(() => decodeSafetensors(good.slice(0, -1), "test")).toThrow(FileError);
    expect(() => decodeSafetensors(good.slice(0, 7), "test")).toThrow(/no safetensors/);
  });
});

describe("targets and sources", () => {
  test("a failed write leaves the old file whole, and nothing beside it", async () => {
    const place = join(folder, "nothing-else");
    const file = join(place, "a.bin");
    await expect(writeTarget(file, new Uint8Array(3), "test")).rejects.toThrow(FileError);
    await np.save(join(folder, "kept.npy"), [1]);
    await expect(
      writeTarget(join(folder, "kept.npy"), new Uint8Array(3), "test", { overwrite: false }),
    ).rejects.toThrow(/exists already/);
    expect((await np.load(join(folder, "kept.npy"))).arraySync()).toEqual([1]);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("everything that bytes come from", async () => {
    const file = join(folder, "five");
    await writeFile(file, Uint8Array.of(1, 2, 3, 4, 5));
    const bytes = Uint8Array.of(1, 2, 3, 4, 5);
    const progress: unknown[] = [];
    const blob = new Blob([bytes]);
    const sources = [
      file,
      new URL(`file://${file}`),
      bytes,
      bytes.buffer,
      blob,
      blob.stream(),
      new Response(blob),
    ];
    for (const source of sources) {
      expect([...(await readSource(source, "test"))]).toEqual([1, 2, 3, 4, 5]);
    }
    await readSource(blob, "test", { onProgress: (done, total) => progress.push([done, total]) });
    expect(progress.at(-1)).toEqual([5, 5]);
    await expect(readSource(join(folder, "absent"), "test")).rejects.toThrow(/cannot read .*absent/);
    await expect(readSource(7 as unknown as string, "test")).rejects.toThrow(ValueError);
  });
});
