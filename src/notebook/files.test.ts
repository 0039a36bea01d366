/** Pixels as numbers; what is read and written is in the documentation's examples and in the browser's tests. */
import { expect, test } from "vitest";
import { channelsOf } from "./files.ts";

test("channels of pixels", () => {
  const pixels = [255, 0, 0, 255, 51, 102, 153, 0];
  const close = (received: Float32Array, expected: number[]): void => {
    expect(received).toHaveLength(expected.length);
    expected.forEach((v, i) => expect(received[i]).toBeCloseTo(v, 6));
  };
  close(channelsOf(pixels, 3), [1, 0, 0, 0.2, 0.4, 0.6]);
  close(channelsOf(pixels, 4), [1, 0, 0, 1, 0.2, 0.4, 0.6, 0]);
  close(channelsOf(pixels, 1), [0.299, 0.299 * 0.2 + 0.587 * 0.4 + 0.114 * 0.6]);
});
