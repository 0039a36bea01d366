/** NumPy's file format for one array: a header that is a Python dictionary, then the numbers. */
import { type DType, FileError, type Tensor, tensor } from "../../engine/index.ts";
import { type NumberKind, numberBytes, numberKinds, readNumbers } from "../../files/numbers.ts";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** What each dtype is called in a header. */
const names: Readonly<Record<Exclude<DType, "bfloat16">, string>> = {
  bool: "|b1",
  uint8: "|u1",
  int8: "|i1",
  uint16: "<u2",
  int16: "<i2",
  int32: "<i4",
  uint32: "<u4",
  float16: "<f2",
  float32: "<f4",
  float64: "<f8",
};

/** The kinds of numbers by the letters and widths that headers have for them. */
const kinds: Readonly<Record<string, NumberKind>> = {
  b1: numberKinds.bool,
  u1: numberKinds.uint8,
  i1: numberKinds.int8,
  u2: numberKinds.uint16,
  i2: numberKinds.int16,
  u4: numberKinds.uint32,
  i4: numberKinds.int32,
  u8: numberKinds.uint64,
  i8: numberKinds.int64,
  f2: numberKinds.float16,
  f4: numberKinds.float32,
  f8: numberKinds.float64,
};

/**
 * The bytes of an `.npy` file, version 1.0, in row-major order. NumPy has no `bfloat16`: its numbers are written as
 * `float32`, which holds them all.
 *
 * @example
 * ```ts
 * decodeNpy(encodeNpy(np.array([[1, 2], [3, 4]])), "example").arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export function encodeNpy(x: Tensor): Uint8Array<ArrayBuffer> {
  if (x.dtype === "bfloat16") return encodeNpy(x.astype("float32"));
  const values = numberBytes(x.dataSync(), x.dtype);
  const shape = x.shape.length === 1 ? `${x.shape[0]},` : x.shape.join(", ");
  const header = `{'descr': '${names[x.dtype]}', 'fortran_order': False, 'shape': (${shape}), }`;
  // The numbers begin at a multiple of 64 bytes.
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const out = new Uint8Array(10 + length + values.byteLength);
  out.set([...magic, 1, 0, length & 255, length >> 8]);
  out.set(new TextEncoder().encode(`${header.padEnd(length - 1)}\n`), 10);
  out.set(values, 10 + length);
  return out;
}

/**
 * The array that the bytes of an `.npy` file hold. 64-bit integers become 32-bit ones, into which
 * they must fit.
 *
 * @param where what reads, for messages
 * @throws FileError when they are no such file, or hold Python objects
 */
export function decodeNpy(bytes: Uint8Array, where: string): Tensor {
  const fail = (what: string): never => {
    throw new FileError(`${where}: ${what}`);
  };
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) return fail("this is no .npy file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  if (version < 1 || version > 3) return fail(`version ${version} of the .npy format is not known`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) return fail("the file is cut off");
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) return fail("the file is cut off");
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  const descr = /'descr':\s*'([<>|=]?)([a-zA-Z])(\d*)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const dims = /'shape':\s*\(([\d\s,L]*)\)/.exec(header);
  if (order === null || dims === null) return fail("the header of the .npy file is damaged");
  const kind = descr === null ? undefined : kinds[`${descr[2]}${descr[3]}`];
  if (descr === null || kind === undefined) {
    const found = /'descr':\s*('[^']*'|\[)/.exec(header)?.[1] ?? "?";
    return fail(`arrays of ${found === "[" ? "records" : found} are not read, only numbers and booleans`);
  }
  const shape = dims[1]!
    .split(",")
    .map((text) => text.replace("L", "").trim())
    .filter((text) => text !== "")
    .map(Number);
  const size = shape.reduce((n, m) => n * m, 1);
  const expected = size * kind.bytes;
  if (!Number.isSafeInteger(expected) || bytes.length - start - length < expected)
    return fail(
      `the header promises ${expected} bytes of numbers. There are: ${bytes.length - start - length}`,
    );
  const numbers = readNumbers(view, start + length, size, kind, descr[1] !== ">", fail);
  if (order[1] === "False" || shape.length < 2) return tensor(numbers, { dtype: kind.dtype, shape });
  // Columns first: the reversed shape in row-major order, turned around.
  return tensor(numbers, { dtype: kind.dtype, shape: [...shape].reverse() }).transpose();
}
