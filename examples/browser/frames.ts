// Watches the animation frames of the page, to show that training does not hold them up.

/** Counts frames until it is stopped. */
export class FrameCounter {
  frames = 0;
  longestGapMs = 0;
  #last: number = performance.now();
  #request: number = requestAnimationFrame(() => this.#tick());

  /** Counts the wait that is under way as a gap, and ends. */
  stop(): void {
    this.#measure();
    cancelAnimationFrame(this.#request);
  }

  #tick(): void {
    this.frames += 1;
    this.#measure();
    this.#request = requestAnimationFrame(() => this.#tick());
  }

  #measure(): void {
    const now = performance.now();
    this.longestGapMs = Math.max(this.longestGapMs, now - this.#last);
    this.#last = now;
  }
}
