/** What the page and the worker that runs cells say to each other. */
import type { Setting } from "../notebook/controls.ts";
import type { MimeBundle, Output } from "../notebook/ipynb.ts";

/** The type of a training's data, as the library has it: the kernel sends it, the page draws it. */
export const trainingType = "application/vnd.tsuno.training+json";

/** A cell that shall run, and what its controls are set to, by their keys. */
export interface Task {
  readonly cell: string;
  readonly source: string;
  readonly settings: Readonly<Record<string, Setting>>;
}

/** From the page. */
export type Request =
  | ({ readonly type: "run"; readonly count: number } & Task)
  | { readonly type: "interrupt" }
  | { readonly type: "complete"; readonly id: number; readonly text: string };

/** A name that completes what was typed. */
export interface Completion {
  readonly label: string;
  readonly kind: "function" | "class" | "constant" | "property" | "namespace" | "variable";
  /** What stands beside it: a signature, a module. */
  readonly detail?: string;
  /** What the documentation says. */
  readonly info?: string;
}

/** From the worker. */
export type Reply =
  | { readonly type: "ready" }
  | { readonly type: "output"; readonly cell: string; readonly output: Output }
  | { readonly type: "update"; readonly id: string; readonly data: MimeBundle }
  | { readonly type: "done"; readonly cell: string; readonly ok: boolean; readonly milliseconds: number }
  | {
      readonly type: "completions";
      readonly id: number;
      readonly from: number;
      readonly options: readonly Completion[];
    };
