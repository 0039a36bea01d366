/** The code that reads a file. */
import { expect, test } from "vitest";
import { readingOf } from "./files.ts";

test.each([
  ["a.csv", "x,y\n1,2\n", 'await np.genfromtxt("a.csv", { delimiter: ",", skipHeader: 1 })'],
  ["a.csv", "1,2\n3,4\n", 'await np.genfromtxt("a.csv", { delimiter: "," })'],
  ["a.tsv", "1\t2\n", 'await np.genfromtxt("a.tsv", { delimiter: "\\t" })'],
  ["a.npy", "", 'await np.load("a.npy")'],
  ["a.npz", "", 'await np.loadz("a.npz")'],
  ["a.JSON", "", 'await files.json("a.JSON")'],
  ["my photo.jpeg", "", 'await files.image("my photo.jpeg")'],
  ["m.keras", "", 'await saving.loadModel("m.keras")'],
  ["notes.txt", "", 'await files.text("notes.txt")'],
  ["no ending", "", 'await files.bytes("no ending")'],
])("%s", (name, head, code) => {
  expect(readingOf(name, head).split("\n")[1]).toBe(code);
});
