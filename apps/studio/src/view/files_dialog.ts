/** The list of the notebook's files: add, read, download, remove. */
import { addFile, listFiles, readFile, readingOf, removeFile } from "../files.ts";
import type { Words } from "../i18n.ts";
import { h } from "./dom.ts";

/** Offers a file for download. */
export function offer(blob: Blob, name: string): void {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Takes files into the notebook's; gives their names. */
export async function takeFiles(files: Iterable<File>): Promise<string[]> {
  const names: string[] = [];
  for (const file of files) {
    await addFile(file);
    names.push(file.name);
  }
  return names;
}

/**
 * The list as a dialog.
 *
 * @param onInsert hears of code that shall become a cell
 */
export class FilesDialog {
  readonly element: HTMLDialogElement;
  readonly #words: Words;
  readonly #list: HTMLElement = h("ul", { class: "files" });
  readonly #onInsert: (code: string) => void;

  constructor(words: Words, onInsert: (code: string) => void) {
    this.#words = words;
    this.#onInsert = onInsert;
    const chosen = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      onchange: () => void takeFiles(chosen.files ?? []).then(() => this.refresh()),
    });
    this.element = h(
      "dialog",
      { class: "files-dialog", "aria-label": words.files },
      h("h2", {}, words.files),
      h("p", { class: "hint" }, words.filesHint),
      h("button", { type: "button", onclick: () => chosen.click() }, `＋ ${words.addFiles}`),
      chosen,
      this.#list,
      h("button", { type: "button", class: "close", onclick: () => this.element.close() }, words.close),
    );
    this.element.addEventListener("close", () => this.element.remove());
  }

  /** Shows what there is now. */
  async refresh(): Promise<void> {
    const words = this.#words;
    const found = await listFiles();
    const button = (label: string, sign: string, act: () => void): HTMLElement =>
      h("button", { type: "button", title: label, "aria-label": label, onclick: act }, sign);
    this.#list.replaceChildren(
      ...found.map(({ name, size }) => {
        const insert = async (): Promise<void> => {
          const head = await (await readFile(name)).slice(0, 4096).text();
          this.element.close();
          this.#onInsert(readingOf(name, head));
        };
        return h(
          "li",
          {},
          h("span", { class: "name" }, name, h("small", {}, sizeOf(size))),
          button(`${words.readFile}: ${name}`, words.readFile, () => void insert()),
          button(
            `${words.download}: ${name}`,
            "↓",
            () => void readFile(name).then((file) => offer(file, name)),
          ),
          button(`${words.remove}: ${name}`, "✕", () => void removeFile(name).then(() => this.refresh())),
        );
      }),
      ...(found.length === 0 ? [h("li", { class: "none" }, words.noFiles)] : []),
    );
  }
}
