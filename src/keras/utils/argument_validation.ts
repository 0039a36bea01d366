/** Checks of arguments that many functions and layers have in common. */
import { didYouMean, show, ValueError } from "../../engine/index.ts";

/**
 * Checks a choice among names.
 *
 * @throws ValueError for others
 */
export function checkChoice<C extends string>(
  value: unknown,
  choices: readonly C[],
  where: string,
  name: string,
): C {
  if ((choices as readonly unknown[]).includes(value)) return value as C;
  throw new ValueError(
    `${where}: expected ${name} to be one of ${choices.join(", ")}. Received: ${name}=${show(value)}.` +
      didYouMean(String(value), choices),
  );
}

/**
 * Checks a positive whole number.
 *
 * @throws ValueError for others
 */
export function positiveInteger(value: unknown, where: string, name: string): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new ValueError(
    `${where}: expected ${name} to be a positive whole number. Received: ${name}=${show(value)}`,
  );
}
