// The text of the progress bar, compared with what Keras's prints.
import { describe, expect, it } from "vitest";
import { ValueError } from "../../engine/index.ts";
import type { Output } from "./io_utils.ts";
import { Progbar, type ProgbarOptions } from "./progbar.ts";

type Step = readonly [
  seconds: number,
  current: number,
  values?: readonly (readonly [string, number])[],
  last?: boolean,
];

/** What a bar writes when steps come at given times. */
function run(
  target: number | null,
  dynamic: boolean,
  options: ProgbarOptions,
  steps: readonly Step[],
): string[] {
  const written: string[] = [];
  let now = 100;
  const output: Output = { dynamic, write: (text) => written.push(text), now: () => now };
  const bar = new Progbar(target, { ...options, output });
  for (const [seconds, current, values, last] of steps) {
    now += seconds;
    bar.update(current, values, last);
  }
  return written;
}

const bold = (text: string): string => `\u001b[1m${text}\u001b[0m`;
const full = (n: number): string => (n === 0 ? "" : `\u001b[32m${"━".repeat(n)}\u001b[0m`);
const empty = (n: number): string => (n === 0 ? "" : `\u001b[37m${"━".repeat(n)}\u001b[0m`);

describe("Progbar", () => {
  it("draws itself again in one line on a terminal", () => {
    const written = run(6, true, { statelessMetrics: [] }, [
      [0.5, 1, [["loss", 0.5]]],
      [0.01, 2, [["loss", 0.25]]],
      [
        0.1,
        3,
        [
          ["loss", 0.25],
          ["acc", 1e-5],
        ],
      ],
      [
        0.1,
        6,
        [
          ["loss", 0.1234],
          ["acc", 1e-5],
        ],
        true,
      ],
    ]);
    expect(written).toEqual([
      `\r${bold("1/6")} ${full(3)}${empty(17)} ${bold("2s")} 500ms/step - loss: 0.5000`,
      `\r${bold("3/6")} ${full(10)}${empty(10)} ${bold("0s")} 55ms/step - loss: 0.2500 - acc: 1.0000e-05`,
      `\r${bold("6/6")} ${full(20)} ${bold("1s")} 42ms/step - loss: 0.1234 - acc: 1.0000e-05\n`,
    ]);
  });

  it("averages values over steps and wipes out what was longer", () => {
    const written = run(6, true, {}, [
      [0.5, 1, [["loss", 0.5]]],
      [0.1, 3, [["loss", 0.25]]],
      [
        0.1,
        6,
        [
          ["loss", -0.1234],
          ["n", Number.NaN],
        ],
      ],
    ]);
    expect(written[1]).toBe(
      `\r${bold("3/6")} ${full(10)}${empty(10)} ${bold("0s")} 50ms/step - loss: 0.3333 `,
    );
    expect(written[2]).toBe(
      `\r${bold("6/6")} ${full(20)} ${bold("1s")} 40ms/step - loss: -0.1234 - n: nan\n`,
    );
  });

  it("writes its last state only, without escapes, where nothing can be written over", () => {
    const written = run(6, false, {}, [
      [0.1, 3, [["loss", 0.5]]],
      [
        0.1,
        6,
        [
          ["loss", 0.1234],
          ["val_loss", 0.1],
        ],
        true,
      ],
    ]);
    expect(written).toEqual([`6/6 ${"━".repeat(20)} 0s 33ms/step - loss: 0.1234 - val_loss: 0.1000\n`]);
  });

  it("writes one line with verbose 2 and nothing with verbose 0", () => {
    const steps: Step[] = [
      [0.5, 1, [["loss", 0.5]]],
      [
        0.1,
        6,
        [
          ["loss", 0.25],
          ["b", 12],
        ],
        true,
      ],
    ];
    expect(run(6, true, { verbose: 2 }, steps)).toEqual([
      "6/6 - 1s - 20ms/step - loss: 0.2500 - b: 12.0000\n",
    ]);
    expect(run(6, true, { verbose: 0 }, steps)).toEqual([]);
  });

  it("counts hours, and steps without end", () => {
    const long = run(120, true, {}, [
      [80, 1, [["loss", 0.5]]],
      [2, 2],
    ]);
    expect(long[0]).toContain(`${bold("  1/120")} ${empty(20)} ${bold("2:38:40")} 80s/step`);
    expect(long[1]).toContain(`${bold("3:56")} 2s/step - loss: 0.5000    `);
    const open = run(null, true, {}, [[0.4, 1, [["loss", 0.5]]]]);
    expect(open).toEqual([`\r      1/Unknown ${bold("0s")} 400ms/step - loss: 0.5000`]);
  });

  it("adds steps, names units, and refuses options that nobody knows", () => {
    const written: string[] = [];
    const bar = new Progbar(2, {
      unitName: "image",
      output: { dynamic: false, write: (t) => written.push(t), now: () => 0 },
    });
    bar.add(1);
    bar.add(1, [["loss", Number.POSITIVE_INFINITY]]);
    expect(written).toEqual([`2/2 ${"━".repeat(20)} 0s 0s/image - loss: inf\n`]);
    expect(() => new Progbar(2, { widht: 3 } as never)).toThrow(/Did you mean "width"/);
    expect(() => new Progbar(2, { statefulMetrics: [], statelessMetrics: [] })).toThrow(ValueError);
  });
});
