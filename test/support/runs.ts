/**
 * How long property tests run. `TSUNO_RUNS=50 npx vitest run test/property` tries fifty times as many cases,
 * `TSUNO_SEED=7` other ones. When a property fails, fast-check prints a seed and a path: `TSUNO_SEED=… TSUNO_PATH=…`
 * with `-t` and the test's name goes straight to the smallest failing case.
 */
import type fc from "fast-check";

/** Parameters for `fc.assert`: so many cases unless the environment asks for more. */
export function runs<T>(numRuns: number): fc.Parameters<T> {
  const { TSUNO_RUNS, TSUNO_SEED, TSUNO_PATH } = process.env;
  return {
    numRuns: Math.ceil(numRuns * Number(TSUNO_RUNS ?? 1)),
    seed: Number(TSUNO_SEED ?? 1),
    ...(TSUNO_PATH === undefined ? {} : { path: TSUNO_PATH }),
  };
}

/** Time limit of a test that runs so often, in milliseconds. */
export const patience: number = 30_000 * Math.max(1, Number(process.env.TSUNO_RUNS ?? 1));
