/** The typed errors of Tsuno, and the helpers that word them. Everything it throws on purpose extends {@link TsunoError}. */

/**
 * Base of every error that Tsuno throws on purpose.
 *
 * @example
 * ```ts
 * new keras.layers.Dense(0); // → throws ValueError: expected units to be a positive whole number
 * ```
 */
export class TsunoError extends Error {
  /** What `name` says, also where a bundler has shortened the names of classes. */
  static readonly errorName: string = "TsunoError";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    // A user's own class of errors goes by its own name.
    this.name = Object.hasOwn(new.target, "errorName") ? new.target.errorName : new.target.name;
  }
}

/**
 * An argument has the right type but a value that cannot be used.
 *
 * @example
 * ```ts
 * new keras.layers.Dropout(2); // → throws ValueError: Dropout
 * ```
 */
export class ValueError extends TsunoError {
  static override readonly errorName: string = "ValueError";
}

/**
 * Ranks or dimensions do not fit together.
 *
 * @example
 * ```ts
 * keras.ops.matmul([[1, 2]], [[3, 4]]); // → throws ShapeError: …
 * ```
 */
export class ShapeError extends ValueError {
  static override readonly errorName: string = "ShapeError";
}

/**
 * A dtype is unknown, or an operation does not take it.
 *
 * @example
 * ```ts
 * keras.config.setFloatx("int32"); // → throws DTypeError: …
 * ```
 */
export class DTypeError extends ValueError {
  static override readonly errorName: string = "DTypeError";
}

/**
 * An index or an axis lies outside of what it indexes.
 *
 * @example
 * ```ts
 * keras.ops.sum([1, 2], { axis: 3 }); // → throws IndexError: …
 * ```
 */
export class IndexError extends ValueError {
  static override readonly errorName: string = "IndexError";
}

/**
 * An object is used in a state that does not allow it: before `build`, before `compile`, inside a trace.
 *
 * @example
 * ```ts
 * await new keras.Sequential().fit([[1]], [[1]]); // → throws StateError: …
 * ```
 */
export class StateError extends TsunoError {
  static override readonly errorName: string = "StateError";
}

/**
 * A tensor is read after its memory was given back.
 *
 * @example
 * ```ts
 * const w = new Variable([1, 2]);
 * w.dispose();
 * w.value.arraySync(); // → throws DisposedError: disposed
 * ```
 */
export class DisposedError extends StateError {
  static override readonly errorName: string = "DisposedError";
}

/**
 * The host or the backend lacks something that was asked of it.
 *
 * @example
 * ```ts
 * keras.ops.convertToTensor([1], { sparse: true }); // → throws UnsupportedError: …
 * ```
 */
export class UnsupportedError extends TsunoError {
  static override readonly errorName: string = "UnsupportedError";
}

/** The device has no memory left for what was asked. */
export class OutOfMemoryError extends TsunoError {
  static override readonly errorName: string = "OutOfMemoryError";
}

/**
 * A file cannot be read or written, or what it holds is not what its format promises.
 *
 * @example
 * ```ts
 * await keras.saving.loadModel(new Uint8Array(4)); // → throws FileError: …
 * ```
 */
export class FileError extends TsunoError {
  static override readonly errorName: string = "FileError";
}

/** A compiled program stopped before its end. It is a fault of the compiler, never of the caller. */
export class ExecutionError extends TsunoError {
  static override readonly errorName: string = "ExecutionError";
}

/** Edit distance with adjacent swaps, for suggestions. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    const above = rows[i - 1]!;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d = Math.min(d, rows[i - 2]![j - 2]! + 1);
      row.push(d);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

const bare = (name: string): string => name.toLowerCase().replace(/[_\-\s]/g, "");

/**
 * The candidate that a misspelt name most likely meant, if one is near enough.
 * Case and underscores do not count, so `input_shape` suggests `inputShape`.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const d = distance(bare(name), bare(candidate));
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}

/** The sentence ` Did you mean "x"?`, or an empty string when nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = suggest(name, candidates);
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

/**
 * Refuses options that nobody reads.
 *
 * @param where the class or function, as the user wrote it
 * @param options what the user passed
 * @param allowed every option there is
 * @throws ValueError naming the unknown option and the one that was probably meant
 */
export function checkOptions(where: string, options: object | undefined, allowed: Iterable<string>): void {
  if (options === undefined) return;
  const known = new Set(allowed);
  if (options === null || typeof options !== "object" || Array.isArray(options)) {
    const such = known.size > 0 ? ` such as { ${[...known][0]}: … }` : "";
    throw new ValueError(`${where}: options must be an object${such}. Received: ${show(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (known.has(key)) continue;
    throw new ValueError(
      `${where}: unknown option "${key}".${didYouMean(key, known)} Allowed options: ${[...known].join(", ")}`,
    );
  }
}

/** A short rendering of any value for error messages. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return value.name ? `function ${value.name}` : "a function";
  if (Array.isArray(value)) {
    const head = value.slice(0, 8).map(show).join(", ");
    return `[${head}${value.length > 8 ? `, … (${value.length} items)` : ""}]`;
  }
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Uint8Array).length})`;
  if (typeof value === "object" && value !== null) {
    const name = value.constructor?.name ?? "object";
    return name === "Object" ? `{${Object.keys(value).slice(0, 8).join(", ")}}` : name;
  }
  return String(value);
}
