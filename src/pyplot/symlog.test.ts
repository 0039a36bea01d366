/** Symlog scales, against matplotlib 3.10's SymmetricalLogTransform and its locator. */
import { beforeEach, expect, test } from "vitest";
import * as plt from "./index.ts";
import { bend, symlogTicks } from "./symlog.ts";

beforeEach(() => plt.close("all"));

test("values are put where matplotlib puts them", () => {
  const { to, from } = bend({ base: 10, linthresh: 2, linscale: 1 });
  // linscale / (1 - 1 / base) = 10 / 9; beyond 2: 2 (10 / 9 + log10(v / 2)).
  expect(to(1)).toBeCloseTo(10 / 9, 12);
  expect(to(20)).toBeCloseTo(2 * (10 / 9 + 1), 12);
  expect(to(-2000)).toBeCloseTo(-2 * (10 / 9 + 3), 12);
  for (const value of [-1e4, -2, -0.3, 0, 1.5, 7, 123]) expect(from(to(value))).toBeCloseTo(value, 8);
});

test("ticks stand at zero and at powers on both sides", () => {
  const scale = { base: 10, linthresh: 2, linscale: 1 };
  const { ticks } = symlogTicks(-150, 2000, scale);
  expect(ticks.map(({ value }) => value)).toEqual([-100, -10, -1, 0, 1, 10, 100, 1000]);
  expect(ticks.map(({ label }) => label)).toEqual(["−10²", "−10¹", "−10⁰", "0", "10⁰", "10¹", "10²", "10³"]);
  expect(symlogTicks(-1, 1, scale).ticks.map(({ value }) => value)).toEqual([0]);
  expect(symlogTicks(5, 2000, scale).ticks.map(({ value }) => value)).toEqual([10, 100, 1000]);
});

test("a figure with a symlog axis shows negative numbers, with limits in the data's own numbers", async () => {
  const [fig, ax] = plt.subplots();
  ax.plot([-1000, 0, 1000], [0, 1, 2], "o-");
  ax.axvline(100);
  ax.text(10, 1, "ten");
  ax.setXscale("symlog", { linthresh: 1 });
  const [low, high] = ax.getXlim();
  // The margin is 5 % of the length on paper: 2 (10 / 9 + 3) places.
  const { to } = bend({ base: 10, linthresh: 1, linscale: 1 });
  expect(to(high)).toBeCloseTo(1.1 * to(1000), 8);
  expect(low).toBeCloseTo(-high, 6);
  const svg = await fig.toSVG();
  expect(svg).toContain("−10³");
  // −1000 and 1000 lie as far from zero, in the middle of the box of 496 pixels.
  const [, left, middle, right] = /d="M([\d.]+),[\d.]+L([\d.]+),[\d.]+L([\d.]+),/.exec(svg)!.map(Number);
  expect(middle).toBeCloseTo(248, 6);
  expect(left! + right!).toBeCloseTo(496, 6);
  expect(fig.toText({ columns: 60, rows: 10 })).toContain("10³");
  ax.setXlim(-10, 10);
  expect(ax.getXlim()).toEqual([-10, 10]);
  expect(() => ax.setXscale("symlog", { linthresh: 0 })).toThrow("linthresh must be positive");
  expect(() => ax.setXscale("log", { linthresh: 1 })).toThrow("linthresh");
});
