/** The page: bar, cells, keys, and everything that joins notebook, kernel and storage. */
import { forgetDraft, keepDraft, recallDraft } from "../drafts.ts";
import { dictionary, type Language, type Words } from "../i18n.ts";
import { Kernel, type KernelState } from "../kernel/client.ts";
import { type Task, trainingType } from "../kernel/protocol.ts";
import type { ControlState } from "../notebook/controls.ts";
import {
  type CellKind,
  type MimeBundle,
  NotebookError,
  type NotebookFile,
  newCell,
  type Output,
  parseNotebook,
} from "../notebook/ipynb.ts";
import { type Change, NotebookModel } from "../notebook/model.ts";
import { pack } from "../share.ts";
import { keep, recallAll } from "../storage.ts";
import { CellView } from "./cell_view.ts";
import { h } from "./dom.ts";
import { FilesDialog, offer, takeFiles } from "./files_dialog.ts";
import { Trainings } from "./trainings.ts";

/** A notebook that comes with the Studio. */
export interface Shipped {
  readonly file: string;
  readonly title: string;
}

/** A cell that takes fewer milliseconds follows its controls while they move. */
const quickMs = 300;

/** Milliseconds of rest after which changes are kept, and after which they are kept without rest. */
const [rest, latest] = [400, 3000];

/** The page. */
export class Studio {
  readonly #root: HTMLElement;
  readonly #shipped: (language: Language) => readonly Shipped[];
  #language: Language;
  #model!: NotebookModel;
  #kernel!: Kernel;
  readonly #views = new Map<string, CellView>();
  #selected = "";
  #cells!: HTMLElement;
  #state!: HTMLElement;
  #saveState!: HTMLElement;
  #title!: HTMLInputElement;
  #notice!: HTMLElement;
  #saving: ReturnType<typeof setTimeout> | undefined;
  /** Since when there is something to be kept, and whether that happens at once. */
  #unsaved: number | undefined;
  #urgent = false;
  /** Whether the notebook that is open has been kept at all, so that a draft has something to belong to. */
  #kept = false;
  /** What has been typed since the notebook was kept. */
  #draft: Record<string, string> = {};
  /** The end of what is being kept. */
  #saved: Promise<void> = Promise.resolve();
  #lastKey = "";
  #files: FilesDialog | undefined;
  readonly #trainings: Trainings = new Trainings(
    (id, drawn) => this.#model.updateDisplay(id, drawn),
    () => this.#words,
  );
  /** What the controls of cells were set to when they ran last, how long that took, and which shall run again. */
  readonly #ran = new Map<string, { readonly settings: string; milliseconds: number }>();
  readonly #again = new Set<string>();

  constructor(root: HTMLElement, shipped: (language: Language) => readonly Shipped[], language: Language) {
    this.#root = root;
    this.#shipped = shipped;
    this.#language = language;
    document.addEventListener("keydown", (event) => this.#onKey(event));
    document.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
    document.addEventListener("drop", (event) => {
      const dropped = [...(event.dataTransfer?.files ?? [])];
      if (dropped.length === 0) return;
      event.preventDefault();
      void this.#drop(dropped);
    });
    // What has been typed last is kept even if the page goes away now.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.#save();
    });
  }

  get #words(): Words {
    return dictionary[this.#language];
  }

  /** Opens a notebook, with a fresh kernel. */
  open(name: string, file: NotebookFile): void {
    const typed = recallDraft(name);
    const cells = file.cells.map((cell) => ({ ...cell, source: typed[cell.id] ?? cell.source }));
    this.#model = new NotebookModel(name, { ...file, cells }, (change) => this.#onChange(change));
    this.#draft = {};
    this.#kept = false;
    if (this.#kernel === undefined) {
      this.#kernel = new Kernel({
        onOutput: (cell, output) => this.#onOutput(cell, output),
        onUpdate: (id, data) => this.#onUpdate(id, data),
        onDone: (cell, _ok, milliseconds) => this.#onDone(cell, milliseconds),
        onState: (state) => this.#showState(state),
      });
    } else this.#kernel.restart();
    this.#draw();
    this.#select(this.#model.cells[0]!.id);
  }

  #draw(): void {
    const words = this.#words;
    document.documentElement.lang = this.#language;
    const button = (label: string, act: () => void, name = ""): HTMLButtonElement =>
      h("button", { type: "button", class: name, onclick: act }, label);
    this.#title = h("input", {
      class: "title",
      "aria-label": words.title,
      value: this.#model.name,
      spellcheck: "false",
      onchange: () => {
        this.#model.name = this.#title.value.trim() === "" ? words.untitled : this.#title.value.trim();
        this.#onChange({ what: "cells" });
      },
    });
    this.#state = h("span", { class: "state", role: "status" });
    this.#saveState = h("span", { class: "save" });
    this.#notice = h("div", { class: "notice", role: "status", hidden: true });
    this.#cells = h("main", { class: "cells" });
    const upload = h("input", {
      type: "file",
      accept: ".ipynb,application/json",
      hidden: true,
      onchange: () => void this.#openFile(upload.files?.[0]),
    });
    const bar = h(
      "header",
      {},
      h(
        "div",
        { class: "row" },
        h("a", { class: "logo", href: "./", "aria-label": words.title }, "角 Tsuno"),
        this.#title,
        this.#saveState,
        this.#state,
        button(words.language, () => this.#setLanguage(this.#language === "ja" ? "en" : "ja"), "quiet"),
        h(
          "button",
          {
            type: "button",
            class: "quiet",
            title: words.theme,
            "aria-label": words.theme,
            onclick: toggleTheme,
          },
          "◐",
        ),
      ),
      h(
        "nav",
        { class: "row", "aria-label": words.title },
        button(`▶ ${words.runAll}`, () => this.runAll(), "primary"),
        button(`■ ${words.interrupt}`, () => this.#interrupt()),
        button(`↻ ${words.restart}`, () => this.#kernel.restart()),
        h("span", { class: "gap" }),
        button(words.addCode, () => this.#insert("below", "code")),
        button(words.addText, () => this.#insert("below", "markdown")),
        h("span", { class: "gap" }),
        button(words.notebooks, () => void this.#showNotebooks()),
        button(words.files, () => void this.#showFiles()),
        button(words.open, () => upload.click()),
        button(words.download, () => this.#download()),
        button(words.share, () => void this.#share()),
        h("button", { type: "button", class: "quiet", onclick: () => this.#say(words.keys) }, words.help),
        upload,
      ),
    );
    this.#root.replaceChildren(bar, this.#notice, this.#cells);
    this.#showState(this.#kernel.running === undefined ? "starting" : "busy");
    for (const view of this.#views.values()) view.destroy();
    this.#views.clear();
    this.#arrange();
  }

  /** Puts the views of the cells in their order, and makes and removes what is needed. */
  #arrange(): void {
    const wanted = new Set(this.#model.cells.map((cell) => cell.id));
    for (const [id, view] of this.#views) {
      if (wanted.has(id)) continue;
      view.destroy();
      this.#views.delete(id);
    }
    this.#model.cells.forEach((cell, index) => {
      let view = this.#views.get(cell.id);
      if (view === undefined) {
        view = this.#makeView(cell.id, index);
        this.#views.set(cell.id, view);
      }
      const there = this.#cells.children[index];
      if (there !== view.element) this.#cells.insertBefore(view.element, there ?? null);
    });
  }

  #makeView(id: string, index: number): CellView {
    const cell = this.#model.cell(id)!;
    const view = new CellView(cell, index, this.#words, {
      onChange: (source) => this.#model.setSource(id, source),
      onFocus: () => this.#select(id, false),
      onSelect: () => this.#select(id, false),
      onRun: (how) => {
        this.#run(id);
        if (how === "next") this.#goOn(id);
        else this.#select(id);
      },
      onLeave: (direction) => {
        if (direction === "out") {
          this.#views.get(id)?.render();
          this.#select(id);
        } else this.#step(direction === "up" ? -1 : 1, true);
      },
      onInterrupt: () => this.#interrupt(),
      onControl: (control, value, settled) => this.#onControl(id, control, value, settled),
      onDelete: () => this.#delete(id),
      onMove: (by) => this.#model.move(id, by),
      onToggleKind: () => this.#model.setKind(id, cell.kind === "code" ? "markdown" : "code"),
      complete: (text) => this.#kernel.complete(text),
    });
    view.setSelected(id === this.#selected);
    if (this.#kernel.isPending(id)) view.setRunning(true);
    return view;
  }

  #onOutput(cell: string, output: Output): void {
    this.#model.addOutput(cell, output);
    if (output.kind === "display" && output.id !== undefined && trainingType in output.data)
      this.#trainings.take(output.id, output.data);
  }

  #onUpdate(id: string, data: MimeBundle): void {
    if (trainingType in data) this.#trainings.take(id, data);
    else this.#model.updateDisplay(id, data);
  }

  #onChange(change: Change): void {
    if (change.what === "outputs") this.#views.get(change.cell)?.showOutputs(this.#model.cell(change.cell)!);
    if (change.what === "kind") {
      this.#views.get(change.cell)?.destroy();
      this.#views.delete(change.cell);
    }
    if (change.what === "cells" || change.what === "kind") this.#arrange();
    if (change.what === "source") {
      this.#draft[change.cell] = this.#model.cell(change.cell)!.source;
      keepDraft(this.#model.name, this.#draft);
    }
    this.#saveState.textContent = this.#words.saving;
    // Typing puts nothing off: it is in the draft already.
    const isDraft = change.what === "source" && this.#kept;
    if (this.#urgent || (isDraft && this.#unsaved !== undefined)) return;
    clearTimeout(this.#saving);
    this.#unsaved ??= performance.now();
    // A training changes its outputs all the time.
    const left = this.#unsaved + latest - performance.now();
    const waits = change.what === "outputs" || isDraft;
    this.#urgent = !waits;
    this.#kept ||= !waits;
    this.#saving = setTimeout(() => void this.#save(), waits ? Math.max(0, Math.min(rest, left)) : 0);
  }

  #save(): Promise<void> {
    clearTimeout(this.#saving);
    this.#unsaved = undefined;
    this.#urgent = false;
    this.#saved = this.#saved.then(() => this.#keep());
    return this.#saved;
  }

  async #keep(): Promise<void> {
    const { name } = this.#model;
    const draft = this.#draft;
    this.#draft = {};
    try {
      await keep(name, this.#model.toString());
      localStorage.setItem("tsuno.notebook", name);
      // What has changed meanwhile is yet to be saved.
      if (this.#unsaved === undefined) this.#saveState.textContent = this.#words.saved;
      if (Object.keys(this.#draft).length === 0) forgetDraft();
    } catch {
      this.#draft = { ...draft, ...this.#draft };
      this.#saveState.textContent = this.#words.notSaved;
    }
  }

  #showState(state: KernelState): void {
    if (this.#state === undefined) return;
    this.#state.textContent = this.#words[state];
    this.#state.dataset["state"] = state;
    if (state !== "busy") return;
    const cell = this.#kernel.running;
    if (cell !== undefined) this.#model.setCount(cell, this.#kernel.count);
  }

  /** Runs a code cell, or shows a text cell as it reads. */
  #run(id: string, keepOutputs = false): void {
    const cell = this.#model.cell(id);
    const view = this.#views.get(id);
    if (cell === undefined || view === undefined) return;
    if (cell.kind === "markdown") return view.render();
    if (this.#kernel.isPending(id)) return;
    this.#kernel.run(this.#begin(id, keepOutputs));
  }

  /** A cell as a task of the kernel. */
  #begin(id: string, keepOutputs: boolean): Task {
    const settings = this.#model.settings(id);
    this.#ran.set(id, {
      settings: JSON.stringify(settings),
      milliseconds: this.#ran.get(id)?.milliseconds ?? Number.POSITIVE_INFINITY,
    });
    this.#model.beginOutputs(id, keepOutputs);
    this.#views.get(id)?.setRunning(true);
    return { cell: id, source: this.#model.cell(id)!.source, settings };
  }

  #onDone(id: string, milliseconds: number): void {
    // Stopped to run again.
    if (this.#kernel.isPending(id)) return;
    this.#model.endOutputs(id);
    this.#views.get(id)?.setRunning(false, milliseconds);
    const ran = this.#ran.get(id);
    if (ran !== undefined && milliseconds > 0) ran.milliseconds = milliseconds;
    if (this.#again.delete(id)) this.#runChanged(id);
  }

  /** A cell whose control is moved runs again: at once if it is quick, else when the control has come to rest. */
  #onControl(id: string, control: ControlState, value: unknown, settled: boolean): void {
    this.#model.set(id, control.key, { initial: control.initial, value });
    const quick = (this.#ran.get(id)?.milliseconds ?? Number.POSITIVE_INFINITY) < quickMs;
    if (!settled && !quick) return;
    if (this.#kernel.isPending(id) && quick) this.#again.add(id);
    else this.#runChanged(id);
  }

  /** Runs a cell, unless it ran with the present settings. */
  #runChanged(id: string): void {
    if (this.#ran.get(id)?.settings === JSON.stringify(this.#model.settings(id))) return;
    const task = this.#begin(id, true);
    this.#kernel.runAgain(task, () => this.#say(this.#words.restarted));
  }

  /** Runs all cells, one after the other. */
  runAll(): void {
    for (const cell of this.#model.cells) this.#run(cell.id);
  }

  #interrupt(): void {
    this.#kernel.interrupt(() => this.#say(this.#words.restarted));
  }

  /** To the next cell, made if there is none. */
  #goOn(id: string): void {
    const next = this.#model.cells[this.#model.indexOf(id) + 1];
    if (next !== undefined) return this.#select(next.id);
    const made = this.#model.insert(id, "below");
    this.#select(made);
    this.#views.get(made)?.edit();
  }

  #insert(where: "above" | "below", kind: CellKind): void {
    const made = this.#model.insert(this.#selected, where, kind);
    this.#select(made);
    this.#views.get(made)?.edit();
  }

  #delete(id: string): void {
    this.#select(this.#model.remove(id));
  }

  #select(id: string, focus = true): void {
    this.#views.get(this.#selected)?.setSelected(false);
    this.#selected = id;
    const view = this.#views.get(id);
    view?.setSelected(true);
    if (focus) {
      view?.element.focus({ preventScroll: true });
      view?.element.scrollIntoView({ block: "nearest" });
    }
  }

  #step(by: -1 | 1, editing: boolean): void {
    const next = this.#model.cells[this.#model.indexOf(this.#selected) + by];
    if (next === undefined) return;
    if (editing) this.#views.get(this.#selected)?.render();
    this.#select(next.id);
    if (editing && next.kind === "code") this.#views.get(next.id)?.edit(by > 0 ? "start" : "end");
  }

  #onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      void this.#save();
      return;
    }
    if (target.closest(".cm-editor, input, select, textarea, button, dialog, a") !== null) return;
    const id = this.#selected;
    const enter = event.key === "Enter";
    if (enter && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      this.#run(id);
      if (event.shiftKey) this.#goOn(id);
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (enter) this.#views.get(id)?.edit();
    else if (!this.#command(event.key.toLowerCase(), id)) return;
    this.#lastKey = event.key.toLowerCase();
    event.preventDefault();
  }

  /** Jupyter's keys for whole cells. */
  #command(key: string, id: string): boolean {
    switch (key) {
      case "a":
        this.#select(this.#model.insert(id, "above"));
        return true;
      case "b":
        this.#select(this.#model.insert(id, "below"));
        return true;
      case "d":
        if (this.#lastKey === "d") {
          this.#delete(id);
          // A third one begins anew.
          queueMicrotask(() => (this.#lastKey = ""));
        }
        return true;
      case "z": {
        const back = this.#model.restore();
        if (back !== undefined) this.#select(back);
        return true;
      }
      case "m":
        this.#model.setKind(id, "markdown");
        this.#select(id);
        return true;
      case "y":
        this.#model.setKind(id, "code");
        this.#select(id);
        return true;
      case "arrowup":
      case "k":
        this.#step(-1, false);
        return true;
      case "arrowdown":
      case "j":
        this.#step(1, false);
        return true;
      default:
        this.#lastKey = "";
        return false;
    }
  }

  #setLanguage(language: Language): void {
    this.#language = language;
    localStorage.setItem("tsuno.language", language);
    this.#draw();
    this.#select(this.#selected);
    this.#showState(this.#kernel.running === undefined ? "idle" : "busy");
  }

  #say(text: string): void {
    this.#notice.replaceChildren(
      text,
      h(
        "button",
        { type: "button", "aria-label": this.#words.close, onclick: () => (this.#notice.hidden = true) },
        "✕",
      ),
    );
    this.#notice.hidden = false;
  }

  async #openFile(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    try {
      const notebook = parseNotebook(await file.text());
      await this.#save();
      this.open(file.name.replace(/\.ipynb$/, ""), notebook);
      await this.#save();
    } catch (error) {
      if (!(error instanceof NotebookError)) throw error;
      this.#say(`${this.#words.cannotOpen} ${error.message}`);
    }
  }

  #download(): void {
    const blob = new Blob([this.#model.toString()], { type: "application/x-ipynb+json" });
    offer(blob, `${this.#model.name}.ipynb`);
  }

  async #showFiles(): Promise<void> {
    const dialog = new FilesDialog(this.#words, (code) => {
      const made = this.#model.insert(this.#selected, "below", "code");
      this.#model.setSource(made, code);
      this.#views.get(made)?.destroy();
      this.#views.delete(made);
      this.#arrange();
      this.#select(made);
      this.#run(made);
    });
    await dialog.refresh();
    this.#files = dialog;
    document.body.append(dialog.element);
    dialog.element.showModal();
  }

  /** Takes what is dropped on the page: a notebook is opened, everything else becomes a file of the notebook. */
  async #drop(dropped: readonly File[]): Promise<void> {
    const notebook = dropped.find((file) => file.name.endsWith(".ipynb"));
    const names = await takeFiles(dropped.filter((file) => file !== notebook));
    if (names.length > 0) this.#say(`${this.#words.added} ${names.join(", ")}`);
    await this.#files?.refresh();
    await this.#openFile(notebook);
  }

  async #share(): Promise<void> {
    const address = new URL(location.href);
    address.search = "";
    address.hash = `nb=${await pack(this.#model.toString())}`;
    history.replaceState(null, "", address);
    try {
      await navigator.clipboard.writeText(address.href);
      this.#say(this.#words.copied);
    } catch {
      this.#say(address.href);
    }
  }

  async #showNotebooks(): Promise<void> {
    const words = this.#words;
    const kept = await recallAll().catch(() => []);
    const dialog = h("dialog", { "aria-label": words.notebooks });
    const item = (label: string, detail: string, act: () => void): HTMLElement =>
      h(
        "button",
        {
          type: "button",
          class: "item",
          onclick: () => {
            dialog.close();
            act();
          },
        },
        h("span", {}, label),
        h("small", {}, detail),
      );
    dialog.append(
      h("h2", {}, words.notebooks),
      ...this.#shipped(this.#language).map((one) =>
        item(one.title, "", () => void this.openShipped(one.file, one.title)),
      ),
      item(`＋ ${words.newNotebook}`, "", () =>
        this.open(words.untitled, { cells: [newCell("code")], metadata: {} }),
      ),
      h("h2", {}, words.mine),
      ...kept.map((one) =>
        item(one.name, new Date(one.time).toLocaleString(this.#language), () =>
          this.open(one.name, parseNotebook(one.text)),
        ),
      ),
      h("button", { type: "button", class: "close", onclick: () => dialog.close() }, words.close),
    );
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  /** Opens a notebook that comes with the Studio. */
  async openShipped(file: string, name: string): Promise<void> {
    const response = await fetch(`./notebooks/${file}`);
    this.open(name, parseNotebook(await response.text()));
  }
}

function toggleTheme(): void {
  const dark =
    document.documentElement.dataset["theme"] ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const next = dark === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  localStorage.setItem("tsuno.theme", next);
}
