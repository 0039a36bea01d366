/** Controls as outputs of cells carry them: what `tsuno/notebook` describes, with what it is set to. */
import type { MimeBundle, Output } from "./ipynb.ts";

const controlType = "application/vnd.tsuno.control+json";

/** What a control is set to. It holds as long as the cell's source begins with the same value. */
export interface Setting {
  readonly initial: unknown;
  readonly value: unknown;
}

/** A control and its setting. */
export interface ControlState extends Setting {
  readonly kind: string;
  readonly name: string;
  /** By which its cell knows it. */
  readonly key: string;
  readonly [detail: string]: unknown;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A control as it has been set, if that still holds. */
export function settled(control: ControlState, setting: Setting | undefined): ControlState {
  return setting !== undefined && same(setting.initial, control.initial)
    ? { ...control, value: setting.value }
    : control;
}

/** Whether two controls differ in their values at most, so that one element can show both. */
export function isSameControl(a: ControlState, b: ControlState): boolean {
  return same({ ...a, value: null }, { ...b, value: null });
}

/** A control as an output carries it. */
export function controlBundle(control: ControlState): MimeBundle {
  const { name, value } = control;
  const text = typeof value === "object" ? name : `${name}: ${String(value)}`;
  return { [controlType]: control, "text/plain": text };
}

/** The control that an output shows, if it shows one. */
export function controlOf(output: Output | undefined): ControlState | undefined {
  if (output?.kind !== "display") return undefined;
  const state = output.data[controlType];
  const isControl =
    typeof state === "object" &&
    state !== null &&
    ["kind", "name", "key"].every((part) => typeof (state as Record<string, unknown>)[part] === "string");
  return isControl ? (state as ControlState) : undefined;
}

/** What the controls among outputs are set to, by their keys. */
export function settingsIn(outputs: readonly Output[]): Record<string, Setting> {
  return Object.fromEntries(
    outputs.flatMap((output) => {
      const control = controlOf(output);
      return control === undefined ? [] : [[control.key, { initial: control.initial, value: control.value }]];
    }),
  );
}

/** An output with its control, if it shows one, set as it has been. */
export function settledOutput(output: Output, settings: Readonly<Record<string, Setting>>): Output {
  const control = controlOf(output);
  if (control === undefined || output.kind !== "display") return output;
  const now = settled(control, settings[control.key]);
  return same(now.value, control.value) ? output : { ...output, data: controlBundle(now) };
}
