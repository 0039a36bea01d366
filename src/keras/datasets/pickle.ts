/**
 * Reads Python's pickles as far as they hold data: numbers, texts, lists, dictionaries and arrays of NumPy. A pickle is a
 * program that may call any function; this reader knows only those that make arrays, and nothing runs.
 */
import { FileError } from "../../engine/index.ts";

/** An array of NumPy: its numbers as bytes, or Python's objects. */
export interface PickledArray {
  readonly shape: readonly number[];
  /** Such as `u1`, `<i8`, or `O` for objects. */
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly data: Uint8Array | readonly unknown[];
}

/** What is called in a pickle. */
interface Global {
  readonly global: string;
}

/** An array or a dtype while it is being made. */
interface Made {
  readonly made: "array" | "dtype";
  state: readonly unknown[];
}

const mark = Symbol("mark");
const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

const isMade = (x: unknown): x is Made => typeof x === "object" && x !== null && "made" in x;

/** An array that was made, as its users see it. */
function finished(x: unknown): unknown {
  if (!isMade(x) || x.made === "dtype") return x;
  const [, shape, dtype, fortranOrder, data] = x.state as [
    unknown,
    number[],
    Made,
    boolean,
    PickledArray["data"],
  ];
  const [letter, , , order] = dtype.state as [string, unknown, unknown, string?];
  const values = typeof data === "string" ? Uint8Array.from(data as string, (c) => c.charCodeAt(0)) : data;
  const prefix = order === undefined || order === "|" || order === "=" ? "" : order;
  return {
    shape,
    dtype: prefix + letter.replace(/8$/, letter === "O8" ? "" : "8"),
    fortranOrder,
    data: values,
  };
}

/**
 * What a pickle holds: dictionaries as maps; Python's bytes and texts as texts, of which bytes have a character each.
 *
 * @param where what reads, for messages
 * @throws FileError when it is damaged, or calls something that is not known to be harmless
 */
export function readPickle(bytes: Uint8Array, where: string): unknown {
  const fail = (what: string): never => {
    throw new FileError(`${where}: the pickle ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  let at = 0;
  const take = (n: number): Uint8Array => {
    if (!Number.isSafeInteger(n) || n < 0 || at + n > bytes.length) fail("is cut off");
    at += n;
    return bytes.subarray(at - n, at);
  };
  const number = (n: 1 | 2 | 4 | 8): number => {
    const from = at;
    take(n);
    if (n === 1) return view.getUint8(from);
    if (n === 2) return view.getUint16(from, true);
    return n === 4 ? view.getUint32(from, true) : Number(view.getBigUint64(from, true));
  };
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    if (end < 0) fail("is cut off");
    const text = latin1(bytes.subarray(at, end));
    at = end + 1;
    return text;
  };
  const utf8 = (n: number): string => new TextDecoder().decode(take(n));
  const long = (n: number): number => {
    let value = 0n;
    const digits = take(n);
    for (let i = n - 1; i >= 0; i--) value = (value << 8n) | BigInt(digits[i]!);
    return Number(n > 0 && digits[n - 1]! > 127 ? value - (1n << BigInt(8 * n)) : value);
  };
  const pop = (): unknown => (stack.length > 0 ? stack.pop() : fail("is damaged"));
  const popMark = (): unknown[] => {
    const from = stack.lastIndexOf(mark);
    if (from < 0) fail("is damaged");
    return stack.splice(from).slice(1);
  };
  const top = <T>(kind: new (...args: never[]) => T): T => {
    const value = stack.at(-1);
    return value instanceof kind ? value : fail("is damaged");
  };
  const extend = (items: unknown[]): void => {
    const list = top<unknown[]>(Array);
    for (const item of items) list.push(item);
  };
  const setItems = (items: unknown[]): void => {
    const map = top(Map);
    for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i], items[i + 1]);
  };
  const reduce = (): void => {
    const args = pop() as unknown[];
    const { global } = pop() as Global;
    if (/^numpy\.(core|_core)\.multiarray _reconstruct$/.test(global))
      stack.push({ made: "array", state: [] });
    else if (global === "numpy dtype") stack.push({ made: "dtype", state: args });
    else if (global === "_codecs encode") stack.push(args[0]);
    else if (/^numpy\.(core|_core)\.multiarray scalar$/.test(global)) stack.push(args[1]);
    else fail(`calls ${global}, which is refused`);
  };
  const build = (): void => {
    const state = pop() as unknown[];
    const target = stack.at(-1);
    if (!isMade(target) || !Array.isArray(state)) return fail("is damaged");
    // Of a dtype the order of bytes matters beside its name, of an array everything.
    target.state = target.made === "array" ? state : [target.state[0], null, null, state[1]];
  };
  const addGlobal = (module: string, name: string): void => {
    stack.push({ global: `${module} ${name}` } satisfies Global);
  };
  const actions: Readonly<Record<number, () => void>> = {
    [0x80]: () => void take(1),
    [0x95]: () => void take(8),
    [0x28]: () => void stack.push(mark),
    [0x30]: () => void pop(),
    [0x31]: () => void popMark(),
    [0x32]: () => void stack.push(stack.at(-1)),
    [0x4e]: () => void stack.push(null),
    [0x88]: () => void stack.push(true),
    [0x89]: () => void stack.push(false),
    [0x49]: () => {
      const text = line();
      stack.push(text === "00" ? false : text === "01" ? true : Number(text));
    },
    [0x4c]: () => void stack.push(Number(line().replace("L", ""))),
    [0x4a]: () => void stack.push(number(4) | 0),
    [0x4b]: () => void stack.push(number(1)),
    [0x4d]: () => void stack.push(number(2)),
    [0x8a]: () => void stack.push(long(number(1))),
    [0x8b]: () => void stack.push(long(number(4))),
    [0x46]: () => void stack.push(Number(line())),
    [0x47]: () => {
      take(8);
      stack.push(view.getFloat64(at - 8));
    },
    [0x53]: () => void stack.push(line().slice(1, -1)),
    [0x54]: () => void stack.push(latin1Or(take(number(4)))),
    [0x55]: () => void stack.push(latin1(take(number(1)))),
    [0x56]: () => void stack.push(line()),
    [0x58]: () => void stack.push(utf8(number(4))),
    [0x8c]: () => void stack.push(utf8(number(1))),
    [0x8d]: () => void stack.push(utf8(number(8))),
    [0x42]: () => void stack.push(latin1Or(take(number(4)))),
    [0x43]: () => void stack.push(latin1(take(number(1)))),
    [0x8e]: () => void stack.push(latin1Or(take(number(8)))),
    [0x5d]: () => void stack.push([]),
    [0x61]: () => extend([pop()]),
    [0x65]: () => extend(popMark()),
    [0x6c]: () => void stack.push(popMark()),
    [0x29]: () => void stack.push([]),
    [0x74]: () => void stack.push(popMark()),
    [0x85]: () => void stack.push([pop()]),
    [0x86]: () => void stack.push([pop(), pop()].reverse()),
    [0x87]: () => void stack.push([pop(), pop(), pop()].reverse()),
    [0x7d]: () => void stack.push(new Map()),
    [0x64]: () => {
      const items = popMark();
      stack.push(new Map());
      setItems(items);
    },
    [0x73]: () => setItems([pop(), pop()].reverse()),
    [0x75]: () => setItems(popMark()),
    [0x63]: () => addGlobal(line(), line()),
    [0x93]: () => {
      const name = pop();
      addGlobal(String(pop()), String(name));
    },
    [0x52]: reduce,
    [0x62]: build,
    [0x70]: () => void memo.set(Number(line()), stack.at(-1)),
    [0x71]: () => void memo.set(number(1), stack.at(-1)),
    [0x72]: () => void memo.set(number(4), stack.at(-1)),
    [0x94]: () => void memo.set(memo.size, stack.at(-1)),
    [0x67]: () => void stack.push(memo.get(Number(line()))),
    [0x68]: () => void stack.push(memo.get(number(1))),
    [0x6a]: () => void stack.push(memo.get(number(4))),
  };
  for (;;) {
    const code = number(1);
    if (code === 0x2e) return unfold(pop());
    (actions[code] ?? fail(`has the unknown code ${code}`))();
  }
}

/** Long bytes are numbers of arrays and stay bytes; short ones are names. */
const latin1Or = (bytes: Uint8Array): string | Uint8Array => (bytes.length > 255 ? bytes : latin1(bytes));

/** Arrays in place of what they are made of, wherever they are. */
function unfold(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unfold);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, unfold(item)]));
  const done = finished(value) as PickledArray;
  return isMade(value) && value.made === "array" && Array.isArray(done.data)
    ? { ...done, data: done.data.map(unfold) }
    : done;
}
