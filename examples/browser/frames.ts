// Watches the animation frames of the page, to show that training does not hold them up.

/** Counts frames until it is stopped. */
export class FrameCounter {
  frames = 0;
  /** The longest waits for a frame, the longest one first: compiling the program is one, once. */
  longestGapsMs: readonly number[] = [0, 0];
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
    this.longestGapsMs = [...this.longestGapsMs, now - this.#last].sort((a, b) => b - a).slice(0, 2);
    this.#last = now;
  }
}
