/** Recurrent layers as the operators LSTM, GRU and RNN. */
import type { Composite, CompositeAttributes, Node, TakesComposite } from "../../../engine/index.ts";
import { fixed } from "./dims.ts";
import type { Attributes } from "./proto.ts";
import { storedAs, type Values } from "./values.ts";

/** ONNX's names of activations, with what they are to be given where that is not what they have by themselves. */
const activations: Readonly<Record<string, readonly [name: string, alpha?: number, beta?: number]>> = {
  tanh: ["Tanh"],
  sigmoid: ["Sigmoid"],
  relu: ["Relu"],
  softsign: ["Softsign"],
  softplus: ["Softplus"],
  elu: ["Elu", 1],
  leaky_relu: ["LeakyRelu", 0.2],
  hard_sigmoid: ["HardSigmoid", 1 / 6, 0.5],
  linear: ["Affine", 1, 0],
};

/** How ONNX has a cell of Keras. */
interface Form {
  readonly op: string;
  readonly states: number;
  /** The places that Keras has the gates in, in the order of ONNX. */
  readonly gates: readonly number[];
  /** The activations, in the order of ONNX: `activation` and `recurrentActivation`. */
  readonly activations: readonly string[];
}

const forms: Readonly<Record<string, Form>> = {
  LSTMCell: {
    op: "LSTM",
    states: 2,
    gates: [0, 3, 1, 2],
    activations: ["recurrentActivation", "activation", "activation"],
  },
  GRUCell: { op: "GRU", states: 1, gates: [0, 1, 2], activations: ["recurrentActivation", "activation"] },
  SimpleRNNCell: { op: "RNN", states: 1, gates: [0], activations: ["activation"] },
};

function activationsOf(form: Form, attributes: CompositeAttributes): ReturnType<typeof named>[] {
  return form.activations.map((key) => named(attributes[key] as string));
}

const named = (name: string): (typeof activations)[string] | undefined =>
  Object.hasOwn(activations, name) ? activations[name] : undefined;

/** Whether ONNX has an operator for a recurrence. */
export const takesRecurrence: TakesComposite = ({ name, attributes, operands }) => {
  const form = name === "rnn" ? forms[attributes.cell as string] : undefined;
  if (form === undefined || storedAs(operands[0]!.dtype) !== "float32") return false;
  return activationsOf(form, attributes).every((it) => it !== undefined);
};

/** Translates a recurrence that {@link takesRecurrence} accepted. */
export function recurrence(values: Values, { attributes, operands, results }: Composite): void {
  const { emitter } = values;
  const form = forms[attributes.cell as string]!;
  const [x, ...rest] = operands as [Node, ...Node[]];
  const first = rest.slice(0, form.states);
  const [kernel, recurrent, bias] = rest.slice(form.states) as [Node, Node, Node | undefined];
  const units = recurrent.shape[0]!;
  const count = form.gates.length;
  /** The gates along the last axis in the order of ONNX. */
  const ordered = (name: string, rank: number): string => {
    if (form.gates.every((gate, i) => gate === i)) return name;
    const axis = rank - 1;
    const parts = form.gates.map((gate) =>
      emitter.op("Slice", [
        name,
        emitter.ints([gate * units]),
        emitter.ints([(gate + 1) * units]),
        emitter.ints([axis]),
      ]),
    );
    return emitter.op("Concat", parts, { axis });
  };
  /** An axis of directions, of which there is one. */
  const directed = (name: string): string => emitter.op("Unsqueeze", [name, emitter.ints([0])]);
  const weights = (node: Node): string => directed(values.transposed(ordered(values.whole(node), 2), [1, 0]));
  const inputs = [values.whole(x), weights(kernel), weights(recurrent), biases(), ""];
  for (const state of first) inputs.push(directed(values.whole(state)));
  const known = activationsOf(form, attributes).map((it) => it!);
  const settings: Attributes = {
    hidden_size: units,
    direction: attributes.goBackwards === true ? "reverse" : "forward",
    activations: known.map(([name]) => name),
    activation_alpha: numbers(known.map(([, alpha]) => alpha)),
    activation_beta: numbers(known.map(([, , beta]) => beta)),
    linear_before_reset: attributes.resetAfter === true ? 1 : undefined,
  };
  const [all, ...last] = emitter.apply(form.op, inputs, settings, 1 + form.states) as [string, ...string[]];
  const squeezed = (name: string, axis: number): string =>
    emitter.op("Squeeze", [name, emitter.ints([axis])]);
  last.forEach((name, i) => {
    values.setWhole(results[i]!, squeezed(name, 0));
  });
  const rows = results[form.states];
  if (rows !== undefined) values.setWhole(rows, squeezed(all, 1));

  /** Both biases one after the other; GRU's are two where the reset gate works on a product. */
  function biases(): string {
    if (bias === undefined) return "";
    const name = values.whole(bias);
    const width = [fixed(count * units)];
    if (bias.shape.length === 1) {
      const zeros = emitter.constant("float32", [count * units], new Float32Array(count * units));
      return directed(emitter.op("Concat", [ordered(name, 1), zeros], { axis: 0 }));
    }
    const both = values.reshaped(ordered(name, 2), [fixed(2 * width[0]!.fixed)]);
    return directed(both);
  }
}

function numbers(list: readonly (number | undefined)[]): { readonly floats: readonly number[] } | undefined {
  const given = list.filter((n) => n !== undefined);
  return given.length === 0 ? undefined : { floats: given };
}
