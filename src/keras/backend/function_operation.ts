/** Functions as steps of a graph: called on symbolic tensors, a function notes an operation of Keras's class. */
import { isPlainObject } from "../../engine/index.ts";
import { type Config, camelToSnake, snakeToCamel } from "../saving/config.ts";
import { deserializeKerasObject, learnClass, serializeKerasObject } from "../saving/serialization_lib.ts";
import { type KerasArguments, Operation } from "./operation.ts";
import { SymbolicTensor } from "./symbolic_tensor.ts";

/** One parameter of a function. */
interface Parameter {
  /** Keras's name. */
  readonly name: string;
  /** Whether it belongs to the operation, and so to its config, and not to the call. */
  readonly configured: boolean;
  readonly variadic: boolean;
  readonly fallback: unknown;
  /** Whether it comes in the object of options. */
  readonly option: boolean;
}

interface Signature {
  readonly module: string;
  readonly className: string;
  readonly parameters: readonly Parameter[];
}

type AnyFunction = (...args: never[]) => unknown;

/** A class of operations that one function stands behind. */
interface FunctionOperationClass {
  new (config: Config, name?: string | null): Operation;
  /** The names of the arguments that are given by position; `npm run parity` reads them. */
  readonly positional: readonly string[];
  /** The operation and the arguments of its call that a call of the function means. */
  enter(args: readonly unknown[]): readonly [Operation, readonly unknown[]];
}

/** Tells functions that can be steps of a graph. */
const makeClass: unique symbol = Symbol("operation");

/**
 * A function that takes symbolic tensors, too: then it notes an operation and gives symbolic tensors.
 *
 * @param signature Keras's module and class, then the parameters in order: `numpy Max x axis!=null | keepdims!=false`. A `!`
 *   marks what belongs to the config of the operation, `=` gives the default, `*` takes all further arguments, and what
 *   comes after `|` is in the object of options
 * @param spec gives symbolic results for symbolic arguments, where these cannot be found by tracing the function
 */
export function symbolicFunction(fn: AnyFunction, signature: string, spec?: AnyFunction): AnyFunction {
  let made: FunctionOperationClass | undefined;
  const operations = (): FunctionOperationClass => (made ??= operationClass(fn, parse(signature), spec));
  const both = (...args: never[]): unknown => {
    if (!args.some(isSymbolic)) return fn(...args);
    const [operation, callArgs] = operations().enter(args);
    return operation.apply(...callArgs);
  };
  return Object.assign(both, { [makeClass]: operations });
}

/** Says that the operation behind a function stands behind another one. */
export function withOperationOf<F extends object>(fn: F, inner: object): F {
  return Object.assign(fn, { [makeClass]: (inner as { [makeClass]?: () => unknown })[makeClass] });
}

/** Makes the operations that stand behind functions known to configs. */
export function learnOperations(functions: Readonly<Record<string, unknown>>): void {
  for (const fn of Object.values(functions)) (fn as { [makeClass]?: () => unknown } | null)?.[makeClass]?.();
}

/** Whether an argument is a symbolic tensor, or a list or object with one. */
function isSymbolic(x: unknown): boolean {
  if (typeof x !== "object" || x === null) return false;
  if (x instanceof SymbolicTensor) return true;
  if (Array.isArray(x)) return x.some(isSymbolic);
  return isPlainObject(x) && Object.values(x).some(isSymbolic);
}

function parse(signature: string): Signature {
  const [module, className, ...words] = signature.split(" ");
  const parameters: Parameter[] = [];
  let option = false;
  for (const word of words) {
    if (word === "|") {
      option = true;
      continue;
    }
    const [left, fallback] = word.split(/=(.*)/s) as [string, string | undefined];
    parameters.push({
      name: left.replace(/[!*]/g, ""),
      configured: left.endsWith("!"),
      variadic: left.startsWith("*"),
      fallback: fallback === undefined ? undefined : (JSON.parse(fallback) as unknown),
      option,
    });
  }
  return { module: `keras.src.ops.${module}`, className: className!, parameters };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function operationClass(fn: AnyFunction, signature: Signature, spec?: AnyFunction): FunctionOperationClass {
  const { parameters } = signature;
  const configured = parameters.filter((p) => p.configured);
  const called = parameters.filter((p) => !p.configured);

  class FunctionOperation extends Operation {
    static readonly className: string = signature.className;
    static readonly module: string = signature.module;
    static readonly positional: readonly string[] = parameters
      .filter((p) => !p.option)
      .map((p) => snakeToCamel(p.name));
    readonly #config: Config;

    constructor(config: Config, name: string | null = null) {
      super(name);
      this.#config = config;
    }

    static enter(args: readonly unknown[]): readonly [Operation, readonly unknown[]] {
      const rest = [...args];
      const values = new Map<string, unknown>();
      for (const p of parameters.filter((p) => !p.option)) {
        values.set(p.name, p.variadic ? rest.splice(0) : rest.shift());
      }
      const last = values.size > 0 && rest.length === 0 ? undefined : rest.shift();
      for (const [key, value] of Object.entries(last ?? {})) values.set(camelToSnake(key), value);
      const config = Object.fromEntries(
        configured.map(({ name, fallback }) => [name, values.get(name) ?? fallback ?? null]),
      );
      const call = called.flatMap(({ name, variadic, fallback }) =>
        variadic ? (values.get(name) as unknown[]) : [values.get(name) ?? fallback],
      );
      while (call.length > 0 && (call.at(-1) ?? null) === null) call.pop();
      return [new FunctionOperation(config), call];
    }

    override call(...args: never[]): unknown {
      return this.#run(fn, args);
    }

    override computeOutputSpec(...args: unknown[]): unknown {
      return spec === undefined ? super.computeOutputSpec(...args) : this.#run(spec, args);
    }

    /** Calls a function as its caller would, with what the operation holds and what it is called with. */
    #run(run: AnyFunction, args: readonly unknown[]): unknown {
      const given = [...args];
      const positional: unknown[] = [];
      const options: Record<string, unknown> = {};
      for (const { name, configured, variadic, fallback, option } of parameters) {
        if (variadic) {
          positional.push(...given.splice(0));
          continue;
        }
        const value = configured ? this.#config[name] : given.shift();
        const isDefault = value === undefined || (fallback !== undefined && same(value, fallback));
        if (!option) positional.push(isDefault && fallback === null ? undefined : value);
        else if (!isDefault) options[snakeToCamel(name)] = value;
      }
      while (positional.length > 0 && positional.at(-1) === undefined) positional.pop();
      if (Object.keys(options).length > 0) {
        const before = parameters.filter((p) => !p.option).length;
        while (positional.length < before) positional.push(undefined);
        positional.push(options);
      }
      return run(...(positional as never[]));
    }

    override getConfig(): Config {
      const written = Object.entries(this.#config).map(([key, value]) => [
        key,
        typeof value === "function" ? serializeKerasObject(value) : value,
      ]);
      return { ...super.getConfig(), ...Object.fromEntries(written) };
    }

    override argumentsFromKeras({ args, kwargs }: KerasArguments): readonly unknown[] {
      const named = called.slice(args.length).map(({ name, fallback }) => kwargs[name] ?? fallback);
      while (named.length > 0 && (named.at(-1) ?? null) === null) named.pop();
      return [...args, ...named];
    }

    static override fromConfig(config: Config): Operation {
      const { name, ...rest } = config;
      const read = (value: unknown): unknown =>
        isPlainObject(value) && "class_name" in value ? deserializeKerasObject(value) : value;
      const own = Object.fromEntries(
        configured.map((p) => [p.name, read(rest[p.name]) ?? p.fallback ?? null]),
      );
      return new FunctionOperation(own, name as string | null);
    }
  }
  learnClass(FunctionOperation);
  return FunctionOperation;
}
