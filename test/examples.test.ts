// Runs every program of examples/ and reads from what it prints whether it has learned. docs/examples.md lists them all:
// its table is made from their first lines (to write it anew: vitest run examples -u).
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setThreads } from "tsuno/engine";
import { afterEach, expect, test, vi } from "vitest";
import { root } from "./support/files.ts";

const folder = join(root, "examples");

/** What an example prints about what it has learned: a pattern with a number in it, and the bound of that number. */
type Learned = readonly [pattern: RegExp, bound: "above" | "below", value: number];

const learned: Readonly<Record<string, Learned>> = {
  actor_critic: [/running reward at the end: ([\d.]+)/, "above", 120],
  addition_rnn: [/Validation accuracy: ([\d.]+)/, "above", 0.75],
  attention_map: [/attention is at the mark in ([\d.]+) %/, "above", 90],
  bidirectional_text: [/Validation accuracy: ([\d.]+)/, "above", 0.9],
  cnn_digits: [/Test accuracy: ([\d.]+)/, "above", 0.95],
  custom_layer: [/Test accuracy: ([\d.]+)/, "above", 0.95],
  custom_loss_metric: [/Largest error with the loss of our own: ([\d.]+)/, "below", 0.2],
  custom_training_loop: [/Epoch 9: .*validation accuracy: ([\d.]+)/, "above", 0.75],
  deep_q_learning: [/reached the goal in (\d+) steps/, "below", 11],
  denoising_autoencoder: [/mean squared error: .* before, ([\d.]+) after/, "below", 0.035],
  early_stopping: [/stopped after (\d+) of 100 epochs/, "below", 40],
  fine_tuning: [/fine-tuned: accuracy ([\d.]+)/, "above", 0.85],
  gan: [/mean distance of generated .*: ([\d.]+)/, "below", 2.6],
  graph_convolution: [/accuracy with friends: ([\d.]+)/, "above", 0.85],
  hyperparameter_sweep: [/best validation accuracy: ([\d.]+)/, "above", 0.97],
  image_optimization: [/taken for a seven with probability ([\d.]+)/, "above", 0.95],
  imbalanced_classification: [/Recall: .* ([\d.]+) with them/, "above", 0.8],
  knowledge_distillation: [/Accuracy of the distilled student: ([\d.]+)/, "above", 0.88],
  learning_rate_schedules: [/Loss with warm-up and cosine: ([\d.]+)/, "below", 0.012],
  lstm_forecast: [/mean error of the forecast: ([\d.]+)/, "below", 1],
  metric_learning: [/nearest neighbours of the same class: ([\d.]+) %/, "above", 90],
  mini_gpt: [/letters as in the rhyme: (\d+) of 69/, "above", 35],
  mixture_density: [/mean distance from the curve: ([\d.]+) with a mixture/, "below", 0.1],
  mlp_classification: [/accuracy: ([\d.]+)/, "above", 0.95],
  multi_output: [/digit_accuracy: ([\d.]+)/, "above", 0.95],
  quantile_regression: [/inside of the 90 % interval: ([\d.]+) %/, "above", 80],
  recommender: [/mean error of ratings: ([\d.]+)/, "below", 0.23],
  regression: [/mean absolute error: ([\d.]+)/, "below", 0.5],
  residual_cnn: [/Test accuracy: ([\d.]+)/, "above", 0.8],
  separable_cnn: [/Test accuracy: ([\d.]+)/, "above", 0.95],
  siamese: [/Test accuracy: ([\d.]+)/, "above", 0.95],
  sine: [/Epoch 2000\/2000 - loss: ([\d.]+)/, "below", 0.1],
  structured_data: [/Validation accuracy: ([\d.]+)/, "above", 0.85],
  text_transformer: [/Validation accuracy: ([\d.]+)/, "above", 0.9],
  text_vectorization: [/Test accuracy: ([\d.]+)/, "above", 0.95],
  timeseries_anomaly: [/Anomalies from 30\d to 31\d: (\d+) values/, "above", 7],
  vae: [/loss: from [\d.]+ to ([\d.]+)/, "below", 75],
  wgan_gp: [/generated points: radius ([\d.]+)/, "above", 0.8],
};

const names: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3))
  .sort();

afterEach(() => {
  vi.restoreAllMocks();
});

// Other tests run beside this one.
setThreads(1);

test("each example says what it has learned", () => {
  expect(Object.keys(learned).sort()).toEqual(names);
});

test.each(names)("%s learns", { timeout: 60_000 }, async (name) => {
  const printed: string[] = [];
  vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
    printed.push(values.map(String).join(" "));
  });
  process.argv.push("--no-pictures");
  try {
    await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  } finally {
    process.argv.pop();
  }
  const [pattern, bound, value] = learned[name]!;
  const found = printed.map((line) => pattern.exec(line)?.[1]).filter((number) => number !== undefined);
  expect(found, `no line of ${name} says ${pattern.source}:\n${printed.join("\n")}`).not.toEqual([]);
  if (bound === "above") expect(Number(found.at(-1))).toBeGreaterThan(value);
  else expect(Number(found.at(-1))).toBeLessThan(value);
});

test("docs/examples.md lists them with what they show", async () => {
  const rows = names.map((name) => `| [${name}](../examples/${name}.ts) | ${summaryOf(name)} |`);
  const page = [
    "# Examples",
    "",
    "Each is one short file that makes its own data and runs in seconds: `npm start -- NAME`. Most are written after an example",
    "of keras.io and say which.",
    "",
    "| | |",
    "|---|---|",
    ...rows,
    "",
  ];
  await expect(page.join("\n")).toMatchFileSnapshot("../docs/examples.md");
});

/** The comment at the top of an example. */
function summaryOf(name: string): string {
  const lines = readFileSync(join(folder, `${name}.ts`), "utf8").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("// "));
  return lines
    .slice(0, end)
    .map((line) => line.slice(3))
    .join(" ");
}
