/** The functions of `fft.ts` as steps of graphs. */
import * as f from "../fft.ts";
import { type Step, step } from "../step.ts";

export const fft: Step<typeof f.fft> = /* @__PURE__ */ step(f.fft, "math FFT x");
export const fft2: Step<typeof f.fft2> = /* @__PURE__ */ step(f.fft2, "math FFT2 x");
export const ifft2: Step<typeof f.ifft2> = /* @__PURE__ */ step(f.ifft2, "math IFFT2 x");
export const irfft: Step<typeof f.irfft> = /* @__PURE__ */ step(f.irfft, "math IRFFT x | fft_length!=null");
export const rfft: Step<typeof f.rfft> = /* @__PURE__ */ step(f.rfft, "math RFFT x | fft_length!=null");
