/** The editor of a cell: CodeMirror with TypeScript, or with Markdown. */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionStatus,
} from "@codemirror/autocomplete";
import { indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { markdown } from "@codemirror/lang-markdown";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { minimalSetup } from "codemirror";
import type { Completion } from "../kernel/protocol.ts";
import type { CellKind } from "../notebook/ipynb.ts";

/** What an editor tells and asks. */
export interface EditorHost {
  onChange(source: string): void;
  onFocus(): void;
  /** A key that is about cells; true if it was one. */
  onRun(how: "next" | "stay"): void;
  onLeave(direction: "up" | "down" | "out"): void;
  complete(text: string): Promise<{ from: number; options: readonly Completion[] }>;
}

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier], color: "var(--syntax-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--syntax-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--syntax-number)" },
  { tag: tags.comment, color: "var(--syntax-comment)", fontStyle: "italic" },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: "var(--syntax-function)",
  },
  { tag: [tags.typeName, tags.className], color: "var(--syntax-type)" },
  { tag: [tags.heading, tags.strong], fontWeight: "bold" },
  { tag: tags.emphasis, fontStyle: "italic" },
]);

/** Makes an editor for a cell's source. */
export function makeEditor(kind: CellKind, source: string, label: string, host: EditorHost): EditorView {
  const completions = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\w$]+|\.|["'/][\w/]*/);
    if (word === null && !context.explicit) return null;
    const text = context.state.sliceDoc(0, context.pos);
    const { from, options } = await host.complete(text);
    if (options.length === 0 || context.aborted) return null;
    return {
      from,
      options: options.map(({ label, kind, detail, info }) => ({
        label,
        type: kind,
        ...(detail === undefined ? {} : { detail }),
        ...(info === undefined ? {} : { info }),
      })),
      validFor: /^[\w$]*$/,
    };
  };
  const atEdge = (view: EditorView, direction: "up" | "down"): boolean => {
    const { main } = view.state.selection;
    if (!main.empty) return false;
    const line = view.state.doc.lineAt(main.head).number;
    if (line !== (direction === "up" ? 1 : view.state.doc.lines)) return false;
    host.onLeave(direction);
    return true;
  };
  const run = (how: "next" | "stay") => (): boolean => {
    host.onRun(how);
    return true;
  };
  return new EditorView({
    state: EditorState.create({
      doc: source,
      extensions: [
        Prec.high(
          keymap.of([
            { key: "Shift-Enter", run: run("next") },
            { key: "Mod-Enter", run: run("stay") },
            {
              key: "Escape",
              run: (view) => {
                // First it closes the list of completions.
                if (completionStatus(view.state) === "active") return false;
                host.onLeave("out");
                return true;
              },
            },
          ]),
        ),
        keymap.of([
          { key: "ArrowUp", run: (view) => atEdge(view, "up") },
          { key: "ArrowDown", run: (view) => atEdge(view, "down") },
          indentWithTab,
        ]),
        minimalSetup,
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        syntaxHighlighting(colors),
        EditorView.contentAttributes.of({ "aria-label": label }),
        kind === "code"
          ? [javascript({ typescript: true }), autocompletion({ override: [completions] })]
          : [markdown()],
        EditorView.updateListener.of((update) => {
          if (update.docChanged) host.onChange(update.state.doc.toString());
          if (update.focusChanged && update.view.hasFocus) host.onFocus();
        }),
      ],
    }),
  });
}
