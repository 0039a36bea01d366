// What fit, evaluate and predict print is what Keras prints, but for the times.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { type Model, modelFromJson } from "../../src/keras/models/index.ts";
import { SGD } from "../../src/keras/optimizers/index.ts";
import { fromConfig } from "../../src/keras/saving/config.ts";
import { standardOutput } from "../../src/keras/utils/io_utils.ts";
import { type ArrayRecord, recordToTensor } from "./fixtures.ts";

interface Printing {
  readonly model: object;
  readonly start: readonly ArrayRecord[];
  readonly x: ArrayRecord;
  readonly y: ArrayRecord;
  readonly cases: readonly {
    readonly name: string;
    readonly call: "fit" | "evaluate" | "predict";
    readonly options: object;
    readonly text: string;
  }[];
}

const file = new URL("../fixtures/training/output.json.gz", import.meta.url);
const {
  model: json,
  start,
  x,
  y,
  cases,
} = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Printing;

afterEach(() => {
  vi.restoreAllMocks();
});

/** The model goes on from case to case, as it did when the texts were recorded. */
const model: Model = modelFromJson(JSON.stringify(json));
model.compile({ optimizer: new SGD({ learningRate: 0.1 }), loss: "mse", metrics: ["mae"] });
model.setWeights(start.map((w) => recordToTensor(w)));

/** What a terminal shows in the end: bars as they were drawn last, without their times. */
function shown(text: string): string {
  const lines = text.split("\n").map((line) => line.slice(line.lastIndexOf("\r") + 1).trimEnd());
  return (
    lines
      .join("\n")
      // Colours of nothing: the part of a full bar that is still to come.
      .replaceAll("\u001b[37m\u001b[0m", "")
      .replace(/\d+(s|ms|us)\/step/g, "TIME/step")
      .replace(/\d+s/g, "TIME")
  );
}

/** Values that differ in the last digit printed are rounded the other way. */
function expectSameText(received: string, expected: string): void {
  const number = /\d+\.\d+(e-\d+)?/g;
  expect(received.replace(number, "#")).toBe(expected.replace(number, "#"));
  const [have, want] = [received, expected].map((text) => (text.match(number) ?? []).map(Number));
  have!.forEach((value, i) => {
    expect(Math.abs(value - want![i]!)).toBeLessThan(1.01e-4);
  });
}

test.each(cases.map((c) => [c.call, c.name, c] as const))("%s prints %s", async (_call, _name, one) => {
  let text = "";
  vi.spyOn(standardOutput, "dynamic", "get").mockReturnValue(true);
  vi.spyOn(standardOutput, "write").mockImplementation((part) => void (text += part));
  const options = fromConfig(one.options as never);
  const [inputs, targets] = [recordToTensor(x), recordToTensor(y)];
  if (one.call === "fit") await model.fit(inputs, targets, { shuffle: false, ...options });
  else if (one.call === "evaluate") await model.evaluate(inputs, targets, options);
  else await model.predict(inputs, options);
  expectSameText(shown(text), shown(one.text));
});
