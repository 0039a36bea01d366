import { expect, test } from "vitest";
import { autoName, clearSession, getUid, toSnakeCase } from "./naming.ts";

test.each([
  ["Dense", "dense"],
  ["LayerNormalization", "layer_normalization"],
  ["Conv2D", "conv2d"],
  ["GRUCell", "gru_cell"],
  ["ReLU", "re_lu"],
  ["LSTM", "lstm"],
  ["MelSpectrogram", "mel_spectrogram"],
  ["DepthwiseConv1D", "depthwise_conv1d"],
])("%s is called %s", (name, snake) => {
  expect(toSnakeCase(name)).toBe(snake);
});

test("automatic names are counted until the session is cleared", () => {
  clearSession();
  expect([autoName("Dense"), autoName("Dense"), autoName("ReLU"), autoName("Dense")]).toEqual([
    "dense",
    "dense_1",
    "re_lu",
    "dense_2",
  ]);
  clearSession();
  expect(autoName("Dense")).toBe("dense");
  expect([getUid("a"), getUid("a")]).toEqual([1, 2]);
});
