/** What a cell prints, in pieces that a page can take: a loop may print a million lines before anybody reads one. */

/** A kind of printed text. */
export type StreamName = "stdout" | "stderr";

/** Characters that are kept of what is printed between two pieces; the last ones are what is looked at. */
export const mostCharacters = 200_000;

/** Milliseconds between two pieces. */
const interval = 80;

/** Collects text and sends it on in pieces. */
export class PrintedText {
  readonly #send: (name: StreamName, text: string) => void;
  #name: StreamName = "stdout";
  #parts: string[] = [];
  #length = 0;
  #sent = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (name: StreamName, text: string) => void) {
    this.#send = send;
  }

  /** Takes text. */
  print(name: StreamName, text: string): void {
    if (name !== this.#name) this.flush();
    this.#name = name;
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length > 2 * mostCharacters) this.#parts = [this.#last()];
    if (performance.now() - this.#sent >= interval) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), interval);
  }

  #last(): string {
    const text = this.#parts.join("").slice(-mostCharacters);
    this.#length = text.length;
    return text;
  }

  /** Sends what there is. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#parts.length === 0) return;
    const text = this.#last();
    this.#parts = [];
    this.#length = 0;
    this.#send(this.#name, text);
    this.#sent = performance.now();
  }
}
