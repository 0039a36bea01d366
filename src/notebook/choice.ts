/** One of several things, and yes or no. */
import { checkOptions, show, ValueError } from "../engine/index.ts";
import { ask } from "./ask.ts";

/** Options of {@link select}. */
export interface SelectOptions<T> {
  /** What is chosen at first. Default: the first of them. */
  readonly value?: T;
}

/**
 * A list to choose from under the cell. In Tsuno Studio the cell runs again when the reader chooses another; elsewhere it is
 * the one that it begins with.
 *
 * @param name its label
 * @param choices what there is, at least one
 * @param options `value` (default: the first choice)
 * @returns the one that is chosen
 * @throws ValueError for no choices, or a value that is none of them
 * @example
 * ```ts
 * select("activation", ["relu", "tanh", "sigmoid"], { value: "tanh" }); // → tanh
 * ```
 */
export function select<const T extends string | number>(
  name: string,
  choices: readonly T[],
  options: SelectOptions<NoInfer<T>> = {},
): T {
  const where = `select ${show(name)}`;
  checkOptions(where, options, ["value"]);
  const { value = choices[0] } = options;
  if (value === undefined || !choices.includes(value))
    throw new ValueError(`${where}: expected one of ${show(choices)}. Received: ${show(value)}`);
  return ask(
    { kind: "select", name, choices },
    value,
    (given): given is T => choices.includes(given as T),
    (now) => `${name}: ${now}   (one of ${choices.join(", ")})`,
  );
}

/** Options of {@link checkbox}. */
export interface CheckboxOptions {
  /** Whether it is ticked at first. Default false. */
  readonly value?: boolean;
}

/**
 * A box to tick under the cell. In Tsuno Studio the cell runs again when the reader ticks it; elsewhere it stays as it begins.
 *
 * @param name its label
 * @param options `value` (default false)
 * @returns whether it is ticked
 * @example
 * ```ts
 * checkbox("with noise", { value: true }); // → true
 * ```
 */
export function checkbox(name: string, options: CheckboxOptions = {}): boolean {
  checkOptions(`checkbox ${show(name)}`, options, ["value"]);
  return ask(
    { kind: "checkbox", name },
    options.value ?? false,
    (given): given is boolean => typeof given === "boolean",
    (value) => `${name}: ${value ? "yes" : "no"}`,
  );
}
