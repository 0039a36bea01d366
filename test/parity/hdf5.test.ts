// HDF5 files against h5py: files that it wrote in every version of the format, files of ours that it reads, files that
// must be refused.

import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileError } from "../../src/engine/index.ts";
import {
  type H5Data,
  type H5Group,
  isHdf5,
  type NewData,
  type NewGroup,
  newGroup,
  readHdf5,
  writeHdf5,
} from "../../src/files/hdf5/index.ts";
import { pythonWithKeras, runPython } from "./python.ts";

const bytesOf = (name: string): Uint8Array =>
  gunzipSync(readFileSync(new URL(`../fixtures/hdf5/${name}.h5.gz`, import.meta.url)));
const open = (name: string): Promise<H5Group> => readHdf5(bytesOf(name), "test");

function data(group: H5Group, path: string): H5Data {
  const parts = path.split("/");
  let at = group;
  for (const part of parts) {
    const found: unknown = at.members.get(part);
    at = found as H5Group;
  }
  return at as unknown as H5Data;
}

const kinds = ["bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64"];
const floats = ["float16", "float32", "float64"];

describe.each(["earliest", "v108", "latest", "ordered", "user_block"])("a file in the format %s", (name) => {
  test("attributes", async () => {
    const { attributes } = await open(name);
    const text = (key: string): string[] => attributes.get(key)!.strings();
    expect([text("text"), text("bytes"), text("fixed"), text("texts")]).toEqual([
      ["héllo"],
      ["bytes"],
      ["abc", "de"],
      ["x", "yy", ""],
    ]);
    expect([...attributes.get("numbers")!.numbers()]).toEqual([0, 1, 2, 3, 4]);
    expect([attributes.get("scalar")!.shape, [...attributes.get("scalar")!.numbers()]]).toEqual([[], [1.5]]);
    expect(attributes.get("empty")!.shape).toEqual([0]);
  });

  test("numbers of every kind", async () => {
    const file = await open(name);
    for (const kind of [...kinds, ...floats, ">f4", ">i4", ">u2"]) {
      const values = data(file, `kinds/${kind}`);
      expect(values.shape).toEqual([2, 3]);
      expect([...values.numbers()]).toEqual(kind === "bool" ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 4, 5]);
    }
    expect([...data(file, "bfloat16").numbers("bfloat16")]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([data(file, "scalar").shape, [...data(file, "scalar").numbers()]]).toEqual([[], [3]]);
    expect([data(file, "empty").shape, data(file, "empty").numbers().length]).toEqual([[0, 3], 0]);
    expect(data(file, "text").strings()).toEqual(["text"]);
    expect([...data(file, "filled").numbers()]).toEqual(new Array(12).fill(7));
    expect(data(file, "complex").type).toBe("other");
    expect(() => data(file, "complex").numbers()).toThrow(/expected numbers .* Received: compounds/);
  });

  test("groups with many members and attributes, and links that are not followed", async () => {
    const file = await open(name);
    const many = file.members.get("many") as H5Group;
    const count = { latest: 1000, ordered: 20, user_block: 2 }[name] ?? 300;
    expect([many.members.size, many.attributes.size]).toEqual([count, count]);
    for (let i = 0; i < count; i++) {
      expect(data(many, `d${i}`).numbers()[0]).toBe(i);
      expect(many.attributes.get(`a${i}`)!.numbers()[0]).toBe(i);
    }
    expect([...many.members.keys()]).toEqual([...many.members.keys()].sort());
    expect(file.members.get("soft")).toEqual({ kind: "link", type: "SoftLink" });
    expect(file.members.get("external")).toEqual({ kind: "link", type: "ExternalLink" });
  });
});

test.each(["earliest", "v108"])("chunks and filters in the format %s", async (name) => {
  const file = await open(name);
  const expected = Array.from({ length: 1000 }, (_, i) => i);
  expect([...data(file, "chunks").numbers()]).toEqual(expected);
  expect([...data(file, "packed").numbers()]).toEqual(expected);
  expect([...data(file, "odd").numbers()]).toEqual(Array.from({ length: 1001 }, (_, i) => i & 255));
  expect([...data(file, "partly").numbers()]).toEqual(
    Array.from({ length: 120 }, (_, i) => (i < 40 ? 1 : 7)),
  );
});

describe("refused", () => {
  test.each([
    ["bomb", /declares 68719476736 bytes, but only 0 are stored/],
    ["large", /too many values/],
    ["external", /in other files are not read/],
    ["virtual", /put together from others are not read/],
    ["circle", /leads to \d+ twice/],
    ["deep", /more than 100 deep/],
  ])("%s", async (name, message) => {
    const error: unknown = await open(`bad_${name}`).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message).toMatch(message);
  });

  test.each(["", ".", "a/b"])("a member with the name %j, which is no part of a path", async (name) => {
    const root = newGroup();
    root.members.set("inner", newGroup());
    // The name in the file, which cannot be written, is changed in its heap.
    const bytes = new Uint8Array(Buffer.concat(writeHdf5(root, "test")));
    const at = Buffer.from(bytes).indexOf("inner\0");
    bytes.set(new TextEncoder().encode(name.padEnd(5, "\0")), at);
    await expect(readHdf5(bytes, "test")).rejects.toThrow(`a member with the name ${JSON.stringify(name)}`);
  });

  test("what is no HDF5 file", async () => {
    expect(isHdf5(new Uint8Array(5))).toBe(false);
    await expect(readHdf5(new Uint8Array(4096).fill(7), "test")).rejects.toThrow(/file signature not found/);
  });

  test("damaged files give a typed error or other values, whatever is changed", async () => {
    for (const name of ["earliest", "v108", "latest"]) {
      const good = bytesOf(name);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
          fc.option(fc.nat(good.length)),
          async (changes, cut) => {
            const bytes = good.slice(0, cut ?? good.length);
            for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
            const walk = (group: H5Group): void => {
              for (const a of group.attributes.values()) if (a.type === "string") a.strings();
              for (const m of group.members.values()) {
                if (m.kind === "group") walk(m);
                else if (m.kind === "dataset" && m.type !== "other" && m.type !== "string") m.bytes();
              }
            };
            try {
              walk(await readHdf5(bytes, "test"));
            } catch (error) {
              if (!(error instanceof FileError)) throw error;
            }
          },
        ),
        { numRuns: 60, seed: 7 },
      );
    }
  });
});

describe("writing", () => {
  const little = (values: ArrayBufferView): Uint8Array => new Uint8Array(values.buffer);

  function sample(): NewGroup {
    const root = newGroup();
    const put = (group: NewGroup, name: string, value: NewData): void => {
      group.members.set(name, { kind: "dataset", data: value, attributes: new Map() });
    };
    root.attributes.set("text", { shape: [], strings: ["héllo"] });
    root.attributes.set("fixed", { shape: [2], strings: ["abc", "de"], fixed: true });
    root.attributes.set("texts", { shape: [3], strings: ["x", "", "x".repeat(70_000)] });
    put(root, "float", { shape: [2, 2], type: "float32", bytes: little(Float32Array.of(1, 2, 3, 4)) });
    put(root, "scalar", { shape: [], type: "int64", bytes: little(BigInt64Array.of(-5n)) });
    put(root, "bool", { shape: [2], type: "bool", bytes: Uint8Array.of(0, 1) });
    put(root, "empty", { shape: [0, 3], type: "uint32", bytes: new Uint8Array(0) });
    put(root, "half", { shape: [1], type: "float16", bytes: Uint8Array.of(0, 0x3c) });
    put(root, "brain", { shape: [1], type: "bfloat16", bytes: Uint8Array.of(0x80, 0x3f) });
    put(root, "strings", { shape: [2], strings: ["a", "ü"] });
    const many = newGroup();
    root.members.set("many", many);
    // More than one level of the group's tree.
    for (let i = 0; i < 1500; i++)
      put(many, `d${i}`, { shape: [1], type: "float32", bytes: little(Float32Array.of(i)) });
    root.members.set("none", newGroup());
    return root;
  }

  const joined = (): Uint8Array => Buffer.concat(writeHdf5(sample(), "test"));

  test("what was written is read again", async () => {
    const file = await readHdf5(joined(), "test");
    expect(file.attributes.get("texts")!.strings()).toEqual(["x", "", "x".repeat(70_000)]);
    expect(file.attributes.get("fixed")!.strings()).toEqual(["abc", "de"]);
    expect([data(file, "float").shape, [...data(file, "float").numbers()]]).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ]);
    expect(data(file, "brain").numbers("bfloat16")[0]).toBe(1);
    const many = file.members.get("many") as H5Group;
    expect(many.members.size).toBe(1500);
    for (let i = 0; i < 1500; i++) expect(data(many, `d${i}`).numbers()[0]).toBe(i);
    expect((file.members.get("none") as H5Group).members.size).toBe(0);
  });

  test("attributes that are too large are refused", () => {
    const root = newGroup();
    root.attributes.set("big", { shape: [70_000], type: "uint8", bytes: new Uint8Array(70_000) });
    expect(() => writeHdf5(root, "test")).toThrow(FileError);
  });

  test.skipIf(pythonWithKeras() === null)("h5py reads it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tsuno-hdf5-"));
    const path = join(folder, "x.h5");
    await writeFile(path, joined());
    const got = runPython(
      `
import sys, json, h5py, numpy as np
f = h5py.File(sys.argv[1])
many = f["many"]
print(json.dumps({
  "text": f.attrs["text"], "fixed": [x.decode() for x in f.attrs["fixed"]], "texts": [len(x) for x in f.attrs["texts"]],
  "float": f["float"][()].tolist(), "scalar": int(f["scalar"][()]), "bool": f["bool"][()].tolist(),
  "empty": [list(f["empty"].shape), str(f["empty"].dtype)], "half": [float(f["half"][0]), str(f["half"].dtype)],
  "brain": f["brain"][()].tobytes().hex(), "strings": [x.decode() for x in f["strings"][()]],
  "many": [len(many), all(many["d%d" % i][0] == i for i in range(1500)), list(many)[:3]], "none": len(f["none"]),
}))`,
      path,
    );
    await rm(folder, { recursive: true });
    expect(got).toEqual({
      text: "héllo",
      fixed: ["abc", "de"],
      texts: [1, 0, 70_000],
      float: [
        [1, 2],
        [3, 4],
      ],
      scalar: -5,
      bool: [false, true],
      empty: [[0, 3], "uint32"],
      half: [1, "float16"],
      brain: "803f",
      strings: ["a", "ü"],
      many: [1500, true, ["d0", "d1", "d10"]],
      none: 0,
    });
  });
});
