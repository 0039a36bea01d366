/** What cells have put out, as elements. */
import type { Words } from "../i18n.ts";
import { type ControlState, controlOf } from "../notebook/controls.ts";
import type { MimeBundle, Output } from "../notebook/ipynb.ts";
import { controlElement } from "./control.ts";
import { h } from "./dom.ts";
import { renderMarkdown, safeHtml } from "./markdown.ts";

/** Types that can be shown, the richest first. */
const known = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"];

// Terminal colours have no meaning here.
const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, "");

/** Characters of a picture or a table beyond which a page would be busy for too long. */
const tooLarge = 8_000_000;

function rich(data: MimeBundle, words: Words): HTMLElement {
  const type = known.find((name) => name in data);
  const value = type === undefined ? "" : data[type];
  const content = typeof value === "string" ? value : JSON.stringify(value);
  // Bytes of a picture are no trouble, a million elements are.
  if ((type === "text/html" || type === "image/svg+xml") && content.length > tooLarge) {
    if (typeof data["image/png"] === "string") return rich({ "image/png": data["image/png"] }, words);
    return h("p", { class: "hint" }, `${words.tooLarge} (${(content.length / 1e6).toFixed(0)} MB)`);
  }
  if (type === "text/html" || type === "image/svg+xml") {
    const element = h("div", { class: type === "text/html" ? "html" : "figure" });
    element.innerHTML = safeHtml(content);
    return element;
  }
  if (type === "image/png" || type === "image/jpeg")
    return h("img", { src: `data:${type};base64,${content.replace(/\s/g, "")}`, alt: "" });
  if (type === "text/markdown") {
    const element = h("div", { class: "markdown" });
    element.innerHTML = renderMarkdown(content);
    return element;
  }
  return h("pre", {}, plain(content));
}

/** An output as an element; controls tell what they are set to. */
export function outputElement(
  output: Output,
  words: Words,
  onControl: (control: ControlState, value: unknown, settled: boolean) => void,
): HTMLElement {
  const control = controlOf(output);
  const element = control && controlElement(control, words, (...change) => onControl(control, ...change));
  if (element !== undefined) return element;
  switch (output.kind) {
    case "stream":
      return h("pre", { class: output.name }, plain(output.text));
    case "display": {
      const element = h("div", { class: output.result ? "result" : "display" }, rich(output.data, words));
      if (output.id !== undefined) element.dataset["display"] = output.id;
      return element;
    }
    case "error":
      return h(
        "div",
        { class: "error", role: "alert" },
        h("strong", {}, `${output.name}: `),
        plain(output.message),
        ...(output.trace.length > 0 ? [h("pre", {}, plain(output.trace.join("\n")))] : []),
      );
  }
}
