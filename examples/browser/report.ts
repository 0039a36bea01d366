// What the page tells whoever drives it (see test/browser).

/** How the tutorial went in this page. */
export interface TutorialReport {
  /** The training loss of the last epoch. */
  readonly loss: number;
  /** How long `fit` took. */
  readonly ms: number;
  /** Animation frames that came during `fit`. */
  readonly frames: number;
  /** The longest wait for a frame during `fit`. */
  readonly longestFrameGapMs: number;
  /** Figures drawn into the page. */
  readonly figures: number;
}

declare global {
  interface Window {
    tsunoReport?: TutorialReport;
    tsunoError?: string;
  }
}
