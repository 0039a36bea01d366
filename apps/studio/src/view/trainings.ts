/** Draws trainings that the kernel tells of: its own thread has better things to do. */
import type { Words } from "../i18n.ts";
import { trainingType } from "../kernel/protocol.ts";
import type { MimeBundle } from "../notebook/ipynb.ts";

/** Milliseconds between two pictures of a training at least. */
const interval = 200;
/** How many times longer than a picture takes the next one waits for: where threads are few, pictures cost training time. */
const rest = 150;

const milliseconds = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

/** How long the page works on its next frame; hidden pages have none. */
function nextFrame(): Promise<number> {
  const frame = new Promise<number>((resolve) => {
    requestAnimationFrame(() => {
      const begin = performance.now();
      setTimeout(() => resolve(performance.now() - begin));
    });
  });
  return Promise.race([frame, milliseconds(250).then(() => 0)]);
}

interface Training {
  /** What has not been drawn yet. */
  latest: MimeBundle | undefined;
  /** Ends the pause between two pictures. */
  wake: () => void;
}

const isFinished = (data: MimeBundle): boolean =>
  (data[trainingType] as { readonly finished?: unknown }).finished === true;

/** Draws trainings, the latest state of each. */
export class Trainings {
  readonly #show: (display: string, drawn: MimeBundle) => void;
  readonly #words: () => Words;
  readonly #going = new Map<string, Training>();

  /**
   * @param show gets pictures with the names of their displays
   * @param words gives those of the language of the page
   */
  constructor(show: (display: string, drawn: MimeBundle) => void, words: () => Words) {
    this.#show = show;
    this.#words = words;
  }

  /** Takes the state of a training. */
  take(display: string, data: MimeBundle): void {
    const training = this.#going.get(display);
    if (training === undefined) {
      const begun: Training = { latest: data, wake: () => {} };
      this.#going.set(display, begun);
      void this.#draw(display, begun);
    } else {
      training.latest = data;
      if (isFinished(data)) training.wake();
    }
  }

  async #draw(display: string, training: Training): Promise<void> {
    const { trainingView } = await import("virtual:training");
    for (let data = training.latest; data !== undefined; data = training.latest) {
      training.latest = undefined;
      const begin = performance.now();
      this.#show(display, await trainingView(data[trainingType], this.#words()));
      const cost = performance.now() - begin + (await nextFrame());
      if (training.latest !== undefined && isFinished(training.latest)) continue;
      await Promise.race([
        milliseconds(Math.max(interval, rest * cost)),
        new Promise<void>((resolve) => (training.wake = resolve)),
      ]);
    }
    this.#going.delete(display);
  }
}
