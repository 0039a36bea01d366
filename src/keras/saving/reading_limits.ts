/**
 * How much a config may ask for while it is read: what a file declares is checked before memory is taken or time is spent.
 * Outside of reading there are no limits.
 */
import { ValueError } from "../../engine/index.ts";

interface Budget {
  left: number;
  /** Where the limit comes from, for messages. */
  readonly reason: string;
}

let budget: Budget | undefined;
/** How long lists may be that objects make of a number of their config. */
const longestList = 2 ** 22;

/**
 * Runs a function in which variables with at most so many numbers may be made.
 *
 * @param reason how the message goes on after "more weights than"
 */
export function withWeightBudget<R>(numbers: number, reason: string, fn: () => R): R {
  const outer = budget;
  budget = { left: numbers, reason };
  try {
    return fn();
  } finally {
    budget = outer;
  }
}

/**
 * Notes that a variable is going to be made.
 *
 * @throws ValueError when the config that is being read describes too many numbers
 */
export function takeFromBudget(shape: readonly number[], what: string): void {
  if (budget === undefined) return;
  budget.left -= shape.reduce((n, m) => n * m, 1);
  if (budget.left < 0)
    throw new ValueError(`${what}: the config describes more weights than ${budget.reason}: refused.`);
}

/**
 * Notes that a list is going to be made whose length the config gives.
 *
 * @throws ValueError when a config that is being read declares too long a list
 */
export function checkDeclaredLength(length: number, what: string): void {
  if (budget !== undefined && length > longestList)
    throw new ValueError(
      `${what}: the config declares ${length} values; at most ${longestList} are made: refused.`,
    );
}
