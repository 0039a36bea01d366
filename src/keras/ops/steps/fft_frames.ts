/** The functions of `fft_frames.ts` as steps of graphs. */
import * as f from "../fft_frames.ts";
import { type Step, step } from "../step.ts";

export const istft: Step<typeof f.istft> = /* @__PURE__ */ step(
  f.istft,
  'math ISTFT x sequence_length! sequence_stride! fft_length! | length!=null window!="hann" center!=true',
);
export const stft: Step<typeof f.stft> = /* @__PURE__ */ step(
  f.stft,
  'math STFT x sequence_length! sequence_stride! fft_length! | window!="hann" center!=true',
);
