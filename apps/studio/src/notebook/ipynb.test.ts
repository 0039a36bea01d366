/** Notebooks as files. */
import { describe, expect, test } from "vitest";
import { type Cell, formatNotebook, joined, NotebookError, type Output, parseNotebook } from "./ipynb.ts";

const code: Cell = {
  id: "one",
  kind: "code",
  source: "1;\n2",
  outputs: [
    { kind: "stream", name: "stdout", text: "a\nb\n" },
    { kind: "display", data: { "text/plain": "2", "text/html": "<b>2</b>\n" }, result: true },
    { kind: "error", name: "TypeError", message: "no", trace: ["line 1"] },
  ],
  count: 3,
};
const text: Cell = { id: "two", kind: "markdown", source: "# Title", outputs: [], count: null };

describe("a notebook file", () => {
  test("is read as it was written", () => {
    const file = { cells: [code, text], metadata: { authors: ["A"] } };
    const back = parseNotebook(formatNotebook(file));
    expect(back.cells).toEqual(file.cells);
    expect(back.metadata["authors"]).toEqual(["A"]);
  });

  test("is written in Jupyter's form", () => {
    const json = JSON.parse(formatNotebook({ cells: [code, text], metadata: {} }));
    expect([json.nbformat, json.nbformat_minor, json.metadata.kernelspec.name]).toEqual([4, 5, "deno"]);
    expect(json.cells[0]).toEqual({
      cell_type: "code",
      execution_count: 3,
      id: "one",
      metadata: {},
      outputs: [
        { output_type: "stream", name: "stdout", text: ["a\n", "b\n"] },
        {
          output_type: "execute_result",
          execution_count: 3,
          data: { "text/plain": ["2"], "text/html": ["<b>2</b>\n"] },
          metadata: {},
        },
        { output_type: "error", ename: "TypeError", evalue: "no", traceback: ["line 1"] },
      ],
      source: ["1;\n", "2"],
    });
    expect(json.cells[1]).toEqual({ cell_type: "markdown", id: "two", metadata: {}, source: ["# Title"] });
  });

  test.each([
    ["{", "not JSON"],
    ["[]", "no cells"],
    ['{"cells":[],"nbformat":3}', "This one says: 3"],
    ['{"cells":[{"cell_type":"code","source":5}],"nbformat":4}', "cell 1: expected text. Received: 5"],
    ['{"cells":[null],"nbformat":4}', "cell 1: expected a cell"],
  ])("that is none says why: %s", (file, message) => {
    expect(() => parseNotebook(file)).toThrow(NotebookError);
    expect(() => parseNotebook(file)).toThrow(message);
  });
});

test("text of one stream goes on where it ended", () => {
  const out = (name: "stdout" | "stderr", content: string): Output => ({
    kind: "stream",
    name,
    text: content,
  });
  const all = [out("stdout", "a"), out("stdout", "b\n"), out("stderr", "c")].reduce<Output[]>(joined, []);
  expect(all).toEqual([out("stdout", "ab\n"), out("stderr", "c")]);
});
