// Learning-rate schedules give the rates of real Keras.
import { describe, expect, it } from "vitest";
import { jit, type Tensor, tensor } from "../../src/engine/index.ts";
import { schedules } from "../../src/keras/optimizers/index.ts";
import { type ArrayRecord, loadFixture, numbersOf } from "./fixtures.ts";

interface ScheduleCase {
  readonly id: string;
  readonly note: string;
  readonly config: Record<string, unknown>;
  readonly steps: readonly number[];
  readonly values: ArrayRecord;
  readonly alternatives?: Readonly<Record<string, { readonly values: ArrayRecord }>>;
}

const names = [
  "CosineDecay",
  "CosineDecayRestarts",
  "ExponentialDecay",
  "InverseTimeDecay",
  "PiecewiseConstantDecay",
  "PolynomialDecay",
];

for (const name of names) {
  const { cases } = loadFixture<ScheduleCase>("schedules", name);
  describe(`schedules.${name}`, () => {
    for (const one of cases) {
      it(`${one.id}: ${one.note}`, () => {
        const schedule = schedules.deserialize({ class_name: name, config: one.config });
        const compiled = jit((step: Tensor) => schedule(step));
        // Where float32 puts a restart just before or just after a step, Keras's backends differ, and each is right.
        const right = [one.values, ...Object.values(one.alternatives ?? {}).map((a) => a.values)].map(
          numbersOf,
        );
        const atol = 1e-6 + 1e-5 * Math.max(...right.flat().map(Math.abs));
        one.steps.forEach((step, i) => {
          for (const rate of [schedule(step).item(), compiled(tensor(step, { dtype: "int32" })).item()]) {
            const distance = Math.min(...right.map((values) => Math.abs(values[i]! - rate)));
            expect(distance, `rate ${rate} at step ${step}`).toBeLessThan(atol);
          }
        });
        expect(schedule.getConfig()).toEqual(one.config);
        expect(schedules.deserialize(schedules.serialize(schedule)).getConfig()).toEqual(one.config);
      });
    }
  });
}
