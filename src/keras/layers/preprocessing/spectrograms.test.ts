// Spectrograms of waves whose frequency is known; numbers are compared with Keras in test/parity.
import { expect, test } from "vitest";
import { tensor } from "../../../engine/index.ts";
import * as ops from "../../ops/index.ts";
import { MelSpectrogram, STFTSpectrogram } from "../index.ts";

const wave = (hertz: number, rate: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));

test("a wave is loudest at its own frequency", () => {
  const x = tensor(wave(1000, 8000, 1024), { shape: [1, 1024, 1] });
  const layer = new STFTSpectrogram({ mode: "magnitude", frameLength: 256, frameStep: 128 });
  // 8000 / 256 hertz a bin.
  const loudest = ops.argmax(layer(x), { axis: -1 });
  expect(loudest.arraySync()).toEqual([new Array(7).fill(32)]);
  const mel = new MelSpectrogram({ samplingRate: 8000, fftLength: 512, sequenceStride: 256, numMelBins: 40 });
  const [band] = ops
    .argmax(mel(wave(1000, 8000, 2048)), { axis: 0 })
    .slice(4, 5)
    .dataSync();
  const toMel = (f: number): number => 1127 * Math.log(1 + f / 700);
  const expected = ((toMel(1000) - toMel(20)) / (toMel(4000) - toMel(20))) * 41 - 1;
  expect(Math.abs(band! - expected)).toBeLessThanOrEqual(1);
});

test("kernels can be trained", () => {
  const layer = new STFTSpectrogram({ frameLength: 8, mode: "real" });
  layer.build([null, 16, 1]);
  expect(layer.trainableWeights.map((v) => [v.name, v.shape])).toEqual([["real_kernel", [8, 1, 5]]]);
});

test("what cannot be is refused", () => {
  expect(() => new STFTSpectrogram({ mode: "power" as "psd" })).toThrow("STFTSpectrogram: expected mode");
  expect(() => new STFTSpectrogram({ frameLength: 8, frameStep: 9 })).toThrow("frameStep");
  expect(() => new STFTSpectrogram({ frameLength: 8, fftLength: 4 })).toThrow("fftLength");
  expect(() => new STFTSpectrogram({ window: "square" })).toThrow("no window");
  expect(() => new STFTSpectrogram({ frameLength: 4 })(new Int32Array(16).map(() => 1))).toThrow("3");
  expect(() => new MelSpectrogram({ fftLength: 8, sequenceLength: 9 })).toThrow("sequenceLength");
  expect(() => new MelSpectrogram({ window: "square" })).toThrow("No window");
  expect(() => new MelSpectrogram({ fftLength: 8, window: [1, 2] })).toThrow("window of sequenceLength=8");
});
