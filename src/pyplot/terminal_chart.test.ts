import { describe, expect, test } from "vitest";
import { Figure } from "./figure.ts";
import { columnsOf } from "./terminal_canvas.ts";

describe("a chart of characters", () => {
  test("shows a curve with labels and legend", () => {
    const figure = new Figure(1);
    const axes = figure.gca();
    axes.plot(
      Array.from({ length: 41 }, (_, i) => i / 10),
      Array.from({ length: 41 }, (_, i) => Math.sin(i / 10)),
      { label: "sin" },
    );
    axes.axhline(0, { color: "k" });
    axes.setTitle("Wave");
    axes.setXlabel("x");
    axes.setYlabel("y");
    axes.legend();
    expect(`\n${figure.toText({ columns: 48, rows: 8 })}\n`).toMatchInlineSnapshot(`
      "
                             Wave
      y
        ┌────────────────────────────────────────────┐
      1 ┤             ⣀⠤⠤⠤⠒⠢⠤⠤⢄⡀                     │
        │         ⣀⠤⠒⠉         ⠈⠉⠒⢄                  │
        │      ⣀⠔⠉                 ⠉⠒⢄               │
        │   ⢀⠤⠊                       ⠉⠢⣀            │
      0 ┤⠂⠂⠒⠃⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠓⠦⡂⠂⠂⠂⠂⠂⠂⠂⠂⠂│
        │                                  ⠈⠢⣀       │
        │                                     ⠑⠤⣀    │
        │                                        ⠉⠢  │
        └──┬───────────────────┬──────────────────┬──┘
           0                   2                  4
                              x
                          ─── sin
      "
    `);
  });

  test("tells curves apart without colours, and paints them with", () => {
    const figure = new Figure(1);
    figure.gca().plot([0, 1], { label: "a" });
    figure.gca().plot([1, 0], { label: "b" });
    figure.gca().legend();
    expect(figure.toText()).toContain("─── a   ╌╌╌ b");
    expect(figure.toText()).not.toContain("\x1b");
    expect(figure.toText({ color: true })).toContain("\x1b[38;5;31m───\x1b[0m a");
  });

  test("keeps dashed curves in every direction", () => {
    for (const second of [
      [0, 1],
      [1, 0],
      [0.5, 0.5],
    ]) {
      const figure = new Figure(1);
      figure.gca().plot([2, 2]);
      figure.gca().plot(second);
      const lines = figure.toText({ columns: 24, rows: 10 }).split("\n").slice(3, -2);
      const dotted = lines.flatMap((line) => [...line]).filter((one) => one >= "\u2801" && one <= "\u28ff");
      expect(dotted.length).toBeGreaterThan(6);
    }
  });

  test("shows bars by their names", () => {
    const figure = new Figure(1);
    figure.gca().bar(["a", "b"], [1, 2]);
    expect(`\n${figure.toText({ columns: 30, rows: 5 })}\n`).toMatchInlineSnapshot(`
      "
        ┌──────────────────────────┐
      2 ┤              ⢰⣶⣶⣶⣶⣶⣶⣶⣶⣶⡆ │
        │              ⢸⣿⣿⣿⣿⣿⣿⣿⣿⣿⡇ │
        │ ⣤⣤⣤⣤⣤⣤⣤⣤⣤⣤   ⢸⣿⣿⣿⣿⣿⣿⣿⣿⣿⡇ │
        │ ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿   ⢸⣿⣿⣿⣿⣿⣿⣿⣿⣿⡇ │
      0 ┤ ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿   ⢸⣿⣿⣿⣿⣿⣿⣿⣿⣿⡇ │
        └──────┬────────────┬──────┘
               a            b
      "
    `);
  });

  test("shows pictures by their brightness", () => {
    const figure = new Figure(1);
    figure.gca().imshow([[0, 1]], { cmap: "gray" });
    figure.gca().axis("off");
    const lines = figure.toText({ columns: 20, rows: 4 }).split("\n");
    expect(lines[1]?.trim()).toMatch(/^█+$/);
  });

  test("puts narrow subplots under each other, wide ones side by side, all in the room given", () => {
    const figure = new Figure(1);
    figure.subplots(1, 2);
    for (const columns of [60, 100]) {
      const lines = figure.toText({ columns, rows: 4 }).split("\n");
      expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(columns);
      expect(lines.filter((line) => line.includes("┌"))).toHaveLength(columns === 60 ? 2 : 1);
    }
  });

  test("gives wide characters two columns", () => {
    const figure = new Figure(1);
    figure.gca().setTitle("予測");
    const [title] = figure.toText({ columns: 40, rows: 3 }).split("\n");
    expect(columnsOf(title!)).toBeLessThanOrEqual(40);
    expect(title).toContain("予測");
  });

  test("leaves out what is not finite or out of view", () => {
    const figure = new Figure(1);
    figure.gca().semilogy([0, Number.NaN, 1, 10, Number.POSITIVE_INFINITY]);
    figure.gca().setXlim(2, 3);
    expect(figure.toText({ columns: 40, rows: 4 })).toContain("10⁰");
  });

  test("draws twins on one canvas, contours as lines, and no bar of colours", () => {
    const figure = new Figure(1);
    const axes = figure.gca();
    axes.setXlim(0, 10);
    axes.plot([0, 10], [0, 1], { label: "low" });
    const twin = figure.twinx(axes);
    twin.plot([0, 10], [1000, 0], { label: "high" });
    twin.legend();
    axes.legend();
    const [one] = [figure.toText({ columns: 40, rows: 6 })];
    expect(one.match(/┌/g)).toHaveLength(1);
    expect(one).toContain("─── low   ╌╌╌ high");
    const map = new Figure(2);
    const grid = [0, 1, 2].map(() => [0, 1, 2]);
    const lines = map.gca().contour(grid, [1]);
    map.colorbar(lines);
    const text = map.toText({ columns: 40, rows: 6 });
    expect(text.match(/┌/g)).toHaveLength(1);
    // An upright line in the middle, through all rows.
    expect(text.match(/[⡇⢸]/g)).toHaveLength(6);
  });
});
