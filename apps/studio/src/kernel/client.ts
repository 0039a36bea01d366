/** The page's side of the kernel. */
import type { MimeBundle, Output } from "../notebook/ipynb.ts";
import type { Completion, Reply, Request, Task } from "./protocol.ts";

/** Who hears what cells do. */
export interface KernelListener {
  onOutput(cell: string, output: Output): void;
  onUpdate(id: string, data: MimeBundle): void;
  /** A cell has ended. */
  onDone(cell: string, ok: boolean, milliseconds: number): void;
  onState(state: KernelState): void;
}

export type KernelState = "starting" | "idle" | "busy";

/** Milliseconds after which a cell that does not hear of an interrupt is ended with its kernel. */
const patience = 2500;

/** A worker that runs cells one after the other. */
export class Kernel {
  readonly #listener: KernelListener;
  #worker: Worker;
  #waiting: Task[] = [];
  #running: string | undefined;
  /** Whether the cell that runs is on its way out, to begin again. */
  #replaced = false;
  #ready = false;
  #count = 0;
  #questions = new Map<number, (found: { from: number; options: readonly Completion[] }) => void>();
  #question = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: KernelListener) {
    this.#listener = listener;
    this.#worker = this.#start();
  }

  /** The cell that runs. */
  get running(): string | undefined {
    return this.#running;
  }

  /** Whether a cell runs or waits for its turn. */
  isPending(cell: string): boolean {
    return this.#running === cell || this.#waiting.some((w) => w.cell === cell);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./kernel.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => this.#hear(data));
    worker.addEventListener("error", (event) => {
      // An error outside any cell: a callback of a timer, say.
      const output: Output = { kind: "error", name: "Error", message: event.message, trace: [] };
      if (this.#running !== undefined) this.#listener.onOutput(this.#running, output);
    });
    this.#listener.onState("starting");
    return worker;
  }

  #send(request: Request): void {
    this.#worker.postMessage(request);
  }

  #hear(reply: Reply): void {
    switch (reply.type) {
      case "ready":
        this.#ready = true;
        this.#listener.onState("idle");
        this.#next();
        break;
      case "output":
        if (!this.#replaced) this.#listener.onOutput(reply.cell, reply.output);
        break;
      case "update":
        this.#listener.onUpdate(reply.id, reply.data);
        break;
      case "completions":
        this.#questions.get(reply.id)?.(reply);
        this.#questions.delete(reply.id);
        break;
      case "done":
        clearTimeout(this.#deadline);
        this.#running = undefined;
        // What waits was written for the state that the failed cell should have left.
        if (!reply.ok && !this.#replaced) this.#forget();
        this.#replaced = false;
        this.#listener.onDone(reply.cell, reply.ok, reply.milliseconds);
        this.#listener.onState("idle");
        this.#next();
        break;
    }
  }

  /** Runs a cell, or lets it wait for its turn. */
  run(task: Task): void {
    this.#waiting.push(task);
    this.#next();
  }

  /** Stops the cell that runs and lets it begin anew, before those that wait. */
  runAgain(task: Task, onRestart: () => void): void {
    this.#waiting = this.#waiting.filter(({ cell }) => cell !== task.cell);
    if (this.#running !== task.cell) return this.run(task);
    this.#waiting.unshift(task);
    if (this.#replaced) return;
    this.#replaced = true;
    this.#stop(onRestart);
  }

  /** How many cells have been run. */
  get count(): number {
    return this.#count;
  }

  #next(): void {
    if (!this.#ready || this.#running !== undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#running = next.cell;
    this.#count++;
    this.#listener.onState("busy");
    this.#send({ type: "run", ...next, count: this.#count });
  }

  #forget(): void {
    const left = this.#waiting;
    this.#waiting = [];
    for (const { cell } of left) this.#listener.onDone(cell, false, 0);
  }

  /** Stops the cell that runs; one that does not listen is ended with everything that the kernel holds. */
  interrupt(onRestart: () => void): void {
    this.#forget();
    this.#replaced = false;
    if (this.#running !== undefined) this.#stop(onRestart);
  }

  #stop(onRestart: () => void): void {
    this.#send({ type: "interrupt" });
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.restart();
      onRestart();
    }, patience);
  }

  /** Begins anew, with nothing declared. */
  restart(): void {
    clearTimeout(this.#deadline);
    const ended = this.#running;
    this.#worker.terminate();
    this.#ready = false;
    this.#running = undefined;
    this.#replaced = false;
    this.#count = 0;
    this.#questions.clear();
    this.#forget();
    if (ended !== undefined) this.#listener.onDone(ended, false, 0);
    this.#worker = this.#start();
  }

  /** What may follow a text. While a cell computes there is no answer before it gives way. */
  complete(text: string): Promise<{ from: number; options: readonly Completion[] }> {
    const id = ++this.#question;
    return new Promise((resolve) => {
      this.#questions.set(id, resolve);
      this.#send({ type: "complete", id, text });
      setTimeout(() => {
        if (this.#questions.delete(id)) resolve({ from: text.length, options: [] });
      }, 2000);
    });
  }
}
