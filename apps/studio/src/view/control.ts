/** The controls of `tsuno/notebook` as elements. */
import type { Words } from "../i18n.ts";
import type { ControlState } from "../notebook/controls.ts";
import { h } from "./dom.ts";
import { drawStrokes, Pad, type Strokes } from "./pad.ts";

/** Hears what a control is set to; `settled` is false while it is being moved. */
export type OnChange = (value: unknown, settled: boolean) => void;

type Maker = (control: ControlState, words: Words, onChange: OnChange) => readonly HTMLElement[];

const labelled = (name: string, ...rest: readonly HTMLElement[]): HTMLElement =>
  h("label", {}, h("span", { class: "name" }, name), ...rest);

const slider: Maker = ({ name, values, value }, _, onChange) => {
  const positions = values as readonly number[];
  const distance = (v: number): number => Math.abs(v - (value as number));
  const nearest = positions.reduce((best, v, i) => (distance(v) < distance(positions[best]!) ? i : best), 0);
  const number = h("output", {}, String(value));
  const range = h("input", {
    type: "range",
    min: "0",
    max: String(positions.length - 1),
    value: String(nearest),
    "aria-valuetext": String(value),
  });
  const move = (settled: boolean): void => {
    const now = positions[Number(range.value)]!;
    number.textContent = String(now);
    range.setAttribute("aria-valuetext", String(now));
    onChange(now, settled);
  };
  range.addEventListener("input", () => move(false));
  range.addEventListener("change", () => move(true));
  return [labelled(name, range, number)];
};

const select: Maker = ({ name, choices, value }, _, onChange) => {
  const all = choices as readonly (string | number)[];
  const list = h(
    "select",
    { onchange: () => onChange(all[list.selectedIndex], true) },
    ...all.map((one) => h("option", { selected: one === value }, String(one))),
  );
  return [labelled(name, list)];
};

const checkbox: Maker = ({ name, value }, _, onChange) => {
  const box = h("input", {
    type: "checkbox",
    checked: value === true,
    onchange: () => onChange(box.checked, true),
  });
  return [labelled(name, box)];
};

const button = (label: string, act: () => void): HTMLButtonElement =>
  h("button", { type: "button", onclick: act }, label);

const canvas: Maker = ({ name, value }, words, onChange) => {
  const pad = new Pad(value as Strokes, name, words.drawWithKeys, () => onChange(pad.strokes, true));
  const clear = (): void => {
    pad.clear();
    onChange([], true);
  };
  return [h("span", { class: "name" }, name), pad.element, button(words.clear, clear)];
};

const drawings: Maker = ({ name, classes, value }, words, onChange) => {
  const names = classes as readonly string[];
  let all = value as readonly { readonly label: number; readonly strokes: Strokes }[];
  const pad = new Pad([], name, words.drawWithKeys, () => undefined);
  const hint = h("p", { class: "hint", role: "status" }, words.drawFirst);
  const examples = h("div", { class: "examples" });
  const buttons = names.map((one, label) => button(one, () => add(label)));
  const show = (): void => {
    examples.replaceChildren(
      ...all.map((one, i) => {
        const picture = h("canvas", { width: "56", height: "56" });
        drawStrokes(picture, one.strokes);
        const label = `${words.remove}: ${names[one.label]}`;
        const remove = (): void => set(all.filter((_, at) => at !== i));
        return h("button", { type: "button", title: label, "aria-label": label, onclick: remove }, picture);
      }),
    );
    buttons.forEach((one, label) => {
      const count = all.filter((example) => example.label === label).length;
      one.replaceChildren(names[label]!, h("small", {}, String(count)));
    });
  };
  const set = (next: typeof all): void => {
    all = next;
    show();
    onChange(all, true);
  };
  const add = (label: number): void => {
    hint.classList.toggle("urgent", pad.strokes.length === 0);
    if (pad.strokes.length === 0) return;
    const { strokes } = pad;
    pad.clear();
    set([...all, { label, strokes }]);
  };
  show();
  // A key that is the name of a class is quicker than its button.
  pad.element.addEventListener("keydown", (event) => {
    const label = names.indexOf(event.key);
    if (label < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    add(label);
  });
  return [
    h("span", { class: "name" }, name),
    h(
      "div",
      { class: "drawing" },
      h(
        "div",
        {},
        pad.element,
        button(words.clear, () => pad.clear()),
      ),
      h("div", {}, hint, h("div", { class: "classes" }, ...buttons), examples),
    ),
  ];
};

const makers: Readonly<Record<string, Maker>> = { slider, select, checkbox, canvas, drawings };

/** A control as an element; undefined for one that this Studio does not know. */
export function controlElement(
  control: ControlState,
  words: Words,
  onChange: OnChange,
): HTMLElement | undefined {
  const make = makers[control.kind];
  return make && h("div", { class: `control ${control.kind}` }, ...make(control, words, onChange));
}
