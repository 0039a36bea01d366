/** NumPy's file format for one array: a header that is a Python dictionary, then the numbers. */
import { arrayOf, type DType, FileError, type Tensor, type TypedArray, tensor } from "../../engine/index.ts";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** What each dtype is called in a header. */
const names: Readonly<Partial<Record<DType, string>>> = {
  bool: "|b1",
  uint8: "|u1",
  int32: "<i4",
  uint32: "<u4",
  float32: "<f4",
  float64: "<f8",
};

/** How one number of each kind in a header is read, and what it becomes. */
interface Reader {
  readonly bytes: number;
  readonly dtype: DType;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

const readers: Readonly<Record<string, Reader>> = {
  b1: { bytes: 1, dtype: "bool", read: (v, at) => Number(v.getUint8(at) !== 0) },
  u1: { bytes: 1, dtype: "uint8", read: (v, at) => v.getUint8(at) },
  i1: { bytes: 1, dtype: "int32", read: (v, at) => v.getInt8(at) },
  u2: { bytes: 2, dtype: "int32", read: (v, at, le) => v.getUint16(at, le) },
  i2: { bytes: 2, dtype: "int32", read: (v, at, le) => v.getInt16(at, le) },
  u4: { bytes: 4, dtype: "uint32", read: (v, at, le) => v.getUint32(at, le) },
  i4: { bytes: 4, dtype: "int32", read: (v, at, le) => v.getInt32(at, le) },
  u8: { bytes: 8, dtype: "uint32", read: (v, at, le) => Number(v.getBigUint64(at, le)) },
  i8: { bytes: 8, dtype: "int32", read: (v, at, le) => Number(v.getBigInt64(at, le)) },
  f2: { bytes: 2, dtype: "float32", read: (v, at, le) => half(v.getUint16(at, le)) },
  f4: { bytes: 4, dtype: "float32", read: (v, at, le) => v.getFloat32(at, le) },
  f8: { bytes: 8, dtype: "float64", read: (v, at, le) => v.getFloat64(at, le) },
};

/** The number that the bits of a float16 stand for. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The bytes of an `.npy` file, version 1.0, in row-major order.
 *
 * @example
 * ```ts
 * decodeNpy(encodeNpy(np.array([[1, 2], [3, 4]])), "example").arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export function encodeNpy(x: Tensor): Uint8Array<ArrayBuffer> {
  const values = x.dataSync();
  const shape = x.shape.length === 1 ? `${x.shape[0]},` : x.shape.join(", ");
  const name = names[x.dtype];
  if (name === undefined) return encodeNpy(x.astype("float32"));
  const header = `{'descr': '${name}', 'fortran_order': False, 'shape': (${shape}), }`;
  // The numbers begin at a multiple of 64 bytes.
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const out = new Uint8Array(10 + length + values.byteLength);
  out.set([...magic, 1, 0, length & 255, length >> 8]);
  out.set(new TextEncoder().encode(`${header.padEnd(length - 1)}\n`), 10);
  out.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + length);
  return out;
}

/**
 * The array that the bytes of an `.npy` file hold. Dtypes that there are not here become the next wider one; 64-bit
 * integers must fit into 32 bits.
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
  const reader = descr === null ? undefined : readers[`${descr[2]}${descr[3]}`];
  if (descr === null || reader === undefined) {
    const kind = /'descr':\s*('[^']*'|\[)/.exec(header)?.[1] ?? "?";
    return fail(`arrays of ${kind === "[" ? "records" : kind} are not read, only numbers and booleans`);
  }
  const shape = dims[1]!
    .split(",")
    .map((text) => text.replace("L", "").trim())
    .filter((text) => text !== "")
    .map(Number);
  const size = shape.reduce((n, m) => n * m, 1);
  const expected = size * reader.bytes;
  if (!Number.isSafeInteger(expected) || bytes.length - start - length < expected)
    return fail(
      `the header promises ${expected} bytes of numbers. There are: ${bytes.length - start - length}`,
    );
  const numbers = numbersAt(view, start + length, size, reader, descr[1] !== ">", fail);
  if (order[1] === "False" || shape.length < 2) return tensor(numbers, { dtype: reader.dtype, shape });
  // Columns first: the reversed shape in row-major order, turned around.
  return tensor(numbers, { dtype: reader.dtype, shape: [...shape].reverse() }).transpose();
}

function numbersAt(
  view: DataView,
  from: number,
  size: number,
  reader: Reader,
  little: boolean,
  fail: (what: string) => never,
): TypedArray {
  const numbers = new (arrayOf(reader.dtype))(size);
  const exact = reader.bytes < 8 || reader.dtype === "float64";
  for (let i = 0; i < size; i++) {
    const value = reader.read(view, from + i * reader.bytes, little);
    numbers[i] = value;
    if (!exact && numbers[i] !== value) fail(`the number ${value} does not fit into ${reader.dtype}`);
  }
  return numbers;
}
