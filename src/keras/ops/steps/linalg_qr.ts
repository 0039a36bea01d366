/** The functions of `linalg_qr.ts` as steps of graphs. */
import * as f from "../linalg_qr.ts";
import { type Step, step } from "../step.ts";

export const qr: Step<typeof f.qr> = /* @__PURE__ */ step(f.qr, 'linalg Qr x | mode!="reduced"');
