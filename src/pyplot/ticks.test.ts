import { describe, expect, test } from "vitest";
import { fixedTicks, linearTicks, logTicks } from "./ticks.ts";

// Limits, room, and what matplotlib 3.11 labels there.
const MATPLOTLIB: [low: number, high: number, bins: number, labels: string, offset: string][] = [
  [732755269.2359163, 1527695160.0705738, 9, "0.8 0.9 1.0 1.1 1.2 1.3 1.4 1.5", "1e9"],
  [0.007547032094839902, 0.022884768505016518, 9, "0.008 0.010 0.012 0.014 0.016 0.018 0.020 0.022", ""],
  [-1.7746985013784995, 104.59518585866219, 4, "0 50 100", ""],
  [150.79087127371562, 204.56095765620108, 9, "160 170 180 190 200", ""],
  [-0.1335207753550566, 0.1505079566320088, 9, "−0.10 −0.05 0.00 0.05 0.10 0.15", ""],
  [4.999999635298146, 4.999999981950632, 7, "6.5 7.0 7.5 8.0 8.5 9.0 9.5", "1e−7+4.999999"],
  [-7.781055647507436, 54.81468926813098, 9, "0 10 20 30 40 50", ""],
  [-17218423.48338592, 381492896.11461794, 7, "0 1 2 3", "1e8"],
  [5.0594029342931375, 5.151941436323786, 9, "5.06 5.08 5.10 5.12 5.14", ""],
  [0.015936147042951005, 0.5077895860071622, 9, "0.1 0.2 0.3 0.4 0.5", ""],
  [0.0010008326130345505, 0.0010026256949591456, 5, "0.0010010 0.0010015 0.0010020 0.0010025", ""],
  [-10000.071432350276, -10000.00744630225, 9, "−0.07 −0.06 −0.05 −0.04 −0.03 −0.02 −0.01", "−1e4"],
  [-413.51007626680286, 128.7095323146312, 9, "−400 −300 −200 −100 0 100", ""],
  [48628.37111391621, 253306.5218289254, 7, "50000 100000 150000 200000 250000", ""],
  [-0.2391017496017754, 0.7935910326043899, 8, "−0.2 0.0 0.2 0.4 0.6", ""],
  [127372691.79658046, 437907306.00432384, 9, "1.5 2.0 2.5 3.0 3.5 4.0", "1e8"],
  [7476.113378760284, 23349.30120578372, 5, "10000 15000 20000", ""],
  [-0.04324836690916527, -0.01942459688679901, 5, "−0.040 −0.035 −0.030 −0.025 −0.020", ""],
  [0.9459132880978592, 1.1797351381413796, 8, "0.95 1.00 1.05 1.10 1.15", ""],
  [99999.9942134786, 100000.02491335617, 9, "−0.005 0.000 0.005 0.010 0.015 0.020", "+1e5"],
  [1.0305432858108403, 1.0928904279809388, 4, "1.04 1.06 1.08", ""],
  [100000.00000000629, 100000.00000005178, 9, "1 2 3 4 5", "1e−8+1e5"],
  [0.04298152153270741, 0.15555616760505012, 8, "0.06 0.08 0.10 0.12 0.14", ""],
  [-1.583373151712359e-8, 9.494533281458782e-8, 9, "0 2 4 6 8", "1e−8"],
];

describe("linear ticks", () => {
  test.each(MATPLOTLIB)("from %d to %d with %d steps read %s", (low, high, bins, labels, offset) => {
    const { ticks, offsetText } = linearTicks(low, high, bins);
    expect(ticks.map(({ label }) => label).join(" ")).toBe(labels);
    expect(offsetText).toBe(offset);
  });

  test("carry no dust of decimal sums", () => {
    expect(linearTicks(0, 1, 9).ticks.map(({ value }) => value)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });
});

describe("logarithmic ticks", () => {
  const majors = (low: number, high: number, bins: number): string =>
    logTicks(low, high, bins)
      .ticks.filter(({ minor, label }) => !minor && label !== "")
      .map(({ label }) => label)
      .join(" ");

  test("are powers of ten with eight minor ticks between", () => {
    const { ticks } = logTicks(1e-3, 1, 9);
    expect(majors(1e-3, 1, 9)).toBe("10⁻³ 10⁻² 10⁻¹ 10⁰");
    expect(ticks.filter(({ minor }) => minor)).toHaveLength(24);
    expect(ticks.every(({ minor, label }) => !minor || label === "")).toBe(true);
  });

  test("skip decades where room is short, hitting 10⁰", () => {
    expect(majors(3e-8, 1.3e6, 9)).toBe("10⁻⁶ 10⁻⁴ 10⁻² 10⁰ 10² 10⁴ 10⁶");
    expect(logTicks(3e-8, 1.3e6, 9).ticks.some(({ minor }) => minor)).toBe(false);
  });

  test("name some minor ticks within a single decade", () => {
    const labels = logTicks(0.95, 5.4, 9).ticks.map(({ label }) => label);
    expect(labels).toEqual(["10⁰", "2×10⁰", "3×10⁰", "4×10⁰", ""]);
  });
});

describe("fixed ticks", () => {
  test("are formatted together, and only those in view", () => {
    expect(fixedTicks([0, 0.25, 3], undefined, 0, 1).ticks.map(({ label }) => label)).toEqual([
      "0.00",
      "0.25",
    ]);
    expect(fixedTicks([0, 1], ["no", "yes"], 0, 1).ticks.map(({ label }) => label)).toEqual(["no", "yes"]);
    expect(fixedTicks([], undefined, 0, 1).ticks).toEqual([]);
  });
});
