/** Markdown with formulas, as safe HTML. */
import DOMPurify from "dompurify";
import { Marked, type TokenizerAndRendererExtension } from "marked";
import temml from "temml";

/** Formulas between dollar signs: `$…$` in a line, `$$…$$` apart. */
function formula(name: string, level: "inline" | "block", pattern: RegExp): TokenizerAndRendererExtension {
  return {
    name,
    level,
    start: (text) => {
      // A block breaks the paragraph before it, so it must begin a line.
      const at = level === "block" ? text.search(/^\$\$/m) : text.indexOf("$");
      return at < 0 ? undefined : at;
    },
    tokenizer(text) {
      const found = pattern.exec(text);
      return found === null ? undefined : { type: name, raw: found[0], text: found[1]!.trim() };
    },
    renderer: (token) =>
      temml.renderToString(String(token["text"]), {
        displayMode: token.raw.startsWith("$$"),
        throwOnError: false,
      }),
  };
}

const marked = new Marked({
  extensions: [
    formula("blockFormula", "block", /^\$\$([\s\S]+?)\$\$(?:\n|$)/),
    formula("wideFormula", "inline", /^\$\$([\s\S]+?)\$\$/),
    formula("formula", "inline", /^\$(?!\s)((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)/),
  ],
});

/** HTML without anything that could act. */
export function safeHtml(html: string): string {
  return DOMPurify.sanitize(html, {
    USE_PROFILES: { html: true, svg: true, svgFilters: true, mathMl: true },
  });
}

/** Markdown as safe HTML. */
export function renderMarkdown(source: string): string {
  return safeHtml(marked.parse(source, { async: false }));
}
