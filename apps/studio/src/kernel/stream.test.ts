/** Printed text on its way to the page. */
import { expect, test, vi } from "vitest";
import { mostCharacters, PrintedText } from "./stream.ts";

test("a million lines are a few pieces, of which the last one ends with the last line", () => {
  const pieces: [string, string][] = [];
  const printed = new PrintedText((...piece) => pieces.push(piece));
  const begin = performance.now();
  for (let i = 0; i < 1_000_000; i++) printed.print("stdout", `line ${i}\n`);
  printed.flush();
  expect(pieces.length).toBeLessThan(3 + (performance.now() - begin) / 80);
  expect(pieces[0]).toEqual(["stdout", "line 0\n"]);
  expect(pieces.at(-1)![1]).toMatch(/line 999998\nline 999999\n$/);
  for (const [, text] of pieces) expect(text.length).toBeLessThanOrEqual(mostCharacters);
});

test("two kinds of text keep their order, and nothing waits for long", () => {
  vi.useFakeTimers();
  try {
    const pieces: [string, string][] = [];
    const printed = new PrintedText((...piece) => pieces.push(piece));
    printed.print("stdout", "a");
    printed.print("stdout", "b");
    printed.print("stderr", "c");
    printed.print("stdout", "d");
    vi.advanceTimersByTime(100);
    expect(pieces).toEqual([
      ["stdout", "a"],
      ["stdout", "b"],
      ["stderr", "c"],
      ["stdout", "d"],
    ]);
  } finally {
    vi.useRealTimers();
  }
});
