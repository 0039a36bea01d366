/** One cell on the page: number, editor or rendered text, outputs. */
import type { EditorView } from "@codemirror/view";
import type { Words } from "../i18n.ts";
import { trainingType } from "../kernel/protocol.ts";
import { type ControlState, controlOf, isSameControl } from "../notebook/controls.ts";
import type { Cell, Output } from "../notebook/ipynb.ts";
import { h } from "./dom.ts";
import { type EditorHost, makeEditor } from "./editor.ts";
import { renderMarkdown } from "./markdown.ts";
import { outputElement } from "./outputs.ts";

/** What the buttons of a cell ask for. */
export interface CellActions extends EditorHost {
  onSelect(): void;
  onInterrupt(): void;
  /** A control among the outputs has been moved; `settled` is false while that goes on. */
  onControl(control: ControlState, value: unknown, settled: boolean): void;
  onDelete(): void;
  onMove(by: -1 | 1): void;
  onToggleKind(): void;
}

/** Whether an output shows a training that goes on. */
function isTraining(output: Output): boolean {
  if (output.kind !== "display") return false;
  const state = output.data[trainingType] as { readonly finished?: unknown } | undefined;
  return state?.finished === false;
}

/** One cell on the page. */
export class CellView {
  readonly element: HTMLElement;
  readonly #host: CellActions;
  readonly #words: Words;
  readonly #editorBox: HTMLElement = h("div", { class: "editor" });
  readonly #rendered: HTMLElement = h("div", { class: "markdown", tabindex: "-1" });
  readonly #outputs: HTMLElement;
  readonly #number: HTMLElement = h("span", { class: "number" });
  readonly #button: HTMLButtonElement;
  /** Ends a training from its panel. */
  readonly #stop: HTMLButtonElement;
  readonly #time: HTMLElement = h("span", { class: "time" });
  #editor: EditorView | undefined;
  #cell: Cell;
  #running = false;

  constructor(cell: Cell, index: number, words: Words, host: CellActions) {
    this.#cell = cell;
    this.#host = host;
    this.#words = words;
    this.#button = h("button", {
      class: "run",
      type: "button",
      onclick: () => (this.#running ? host.onInterrupt() : host.onRun("stay")),
    });
    this.#stop = h(
      "button",
      { class: "stop", type: "button", hidden: true, onclick: () => host.onInterrupt() },
      words.interrupt,
    );
    this.#outputs = h("div", { class: "outputs", "aria-live": "polite", "aria-label": words.output });
    const tool = (label: string, sign: string, act: () => void): HTMLElement =>
      h("button", { type: "button", title: label, "aria-label": label, onclick: act }, sign);
    this.element = h(
      "section",
      {
        class: `cell ${cell.kind}`,
        id: `cell-${cell.id}`,
        tabindex: "-1",
        "aria-label": `${words.cell} ${index + 1}: ${cell.kind === "code" ? words.code : words.text}`,
        onmousedown: () => host.onSelect(),
      },
      h("div", { class: "gutter" }, ...(cell.kind === "code" ? [this.#button, this.#number] : [])),
      h(
        "div",
        { class: "main" },
        h("div", { class: "source" }, this.#editorBox, this.#rendered),
        this.#stop,
        this.#outputs,
        this.#time,
      ),
      h(
        "div",
        { class: "tools" },
        tool(words.moveUp, "↑", () => host.onMove(-1)),
        tool(words.moveDown, "↓", () => host.onMove(1)),
        tool(cell.kind === "code" ? words.toText : words.toCode, cell.kind === "code" ? "T" : "{}", () =>
          host.onToggleKind(),
        ),
        tool(words.deleteCell, "✕", () => host.onDelete()),
      ),
    );
    this.#rendered.addEventListener("dblclick", () => this.edit());
    if (cell.kind === "code") this.#open();
    else this.render();
    this.showOutputs(cell);
    this.setRunning(false);
  }

  #open(): EditorView {
    if (this.#editor === undefined) {
      const label = this.element.getAttribute("aria-label") ?? "";
      this.#editor = makeEditor(this.#cell.kind, this.#cell.source, label, {
        ...this.#host,
        onChange: (source) => {
          this.#cell = { ...this.#cell, source };
          this.#host.onChange(source);
        },
        onFocus: () => this.#host.onFocus(),
        onRun: (how) => this.#host.onRun(how),
        onLeave: (direction) => this.#host.onLeave(direction),
        complete: (text) => this.#host.complete(text),
      });
      this.#editorBox.append(this.#editor.dom);
    }
    this.#rendered.hidden = true;
    this.#editorBox.hidden = false;
    return this.#editor;
  }

  /** Puts the cursor into the source. */
  edit(where: "start" | "end" | "same" = "same"): void {
    const editor = this.#open();
    if (where !== "same")
      editor.dispatch({ selection: { anchor: where === "start" ? 0 : editor.state.doc.length } });
    editor.focus();
  }

  /** Shows a text cell as it reads. */
  render(): void {
    if (this.#cell.kind === "code") return;
    this.#editorBox.hidden = true;
    this.#rendered.hidden = false;
    this.#rendered.innerHTML =
      this.#cell.source.trim() === ""
        ? `<p class="empty">${this.#words.emptyText}</p>`
        : renderMarkdown(this.#cell.source);
  }

  /** Takes the outputs from a cell. */
  showOutputs(cell: Cell): void {
    this.#number.textContent = cell.count === null ? "" : `[${cell.count}]`;
    // A display that goes on stays in its place, so that the page does not jump.
    const now = [...this.#outputs.children];
    cell.outputs.forEach((output, i) => {
      const before = this.#cell.outputs[i];
      if (before === output && now[i] !== undefined) return;
      const [control, shown] = [controlOf(output), controlOf(before)];
      // A control that somebody is moving stays the element that it is.
      if (control && shown && now[i] !== undefined && isSameControl(control, shown)) return;
      const element = outputElement(output, this.#words, (...change) => this.#host.onControl(...change));
      if (now[i] === undefined) this.#outputs.append(element);
      else now[i].replaceWith(element);
    });
    for (const left of now.slice(cell.outputs.length)) left.remove();
    this.#cell = { ...this.#cell, outputs: cell.outputs, count: cell.count };
    this.#stop.hidden = !(this.#running && cell.outputs.some(isTraining));
  }

  setRunning(running: boolean, milliseconds?: number): void {
    this.#running = running;
    this.element.classList.toggle("running", running);
    const label = running ? this.#words.interrupt : this.#words.run;
    this.#button.textContent = running ? "■" : "▶";
    this.#button.title = label;
    this.#button.setAttribute("aria-label", label);
    if (!running) this.#stop.hidden = true;
    if (running) this.#time.textContent = "";
    else if (milliseconds !== undefined && milliseconds >= 100)
      this.#time.textContent = `${(milliseconds / 1000).toFixed(1)} ${this.#words.seconds}`;
  }

  setSelected(selected: boolean): void {
    this.element.classList.toggle("selected", selected);
  }

  destroy(): void {
    this.#editor?.destroy();
    this.element.remove();
  }
}
