/** Functions of a tensor that ONNX has an operator for, which runtimes compute faster than what they are made of. */
import type { Composite, CompositeAttributes, Node, TakesComposite } from "../../../engine/index.ts";
import type { Attributes } from "./proto.ts";
import { storedAs, type Values } from "./values.ts";

interface Form {
  readonly op: string;
  /** Numbers that the operator takes besides the tensor. */
  readonly bounds?: readonly number[];
  readonly attributes?: (given: CompositeAttributes, rank: number) => Attributes;
}

const float = (value: unknown): { readonly float: number } => ({ float: value as number });

const forms: Readonly<Record<string, Form>> = {
  relu: { op: "Relu" },
  relu6: { op: "Clip", bounds: [0, 6] },
  softsign: { op: "Softsign" },
  leaky_relu: { op: "LeakyRelu", attributes: ({ alpha }) => ({ alpha: float(alpha) }) },
  hard_sigmoid: { op: "HardSigmoid", attributes: () => ({ alpha: float(1 / 6), beta: float(0.5) }) },
  hard_silu: { op: "HardSwish" },
  prelu: { op: "PRelu" },
  elu: { op: "Elu", attributes: ({ alpha }) => ({ alpha: float(alpha) }) },
  selu: { op: "Selu", attributes: ({ alpha, gamma }) => ({ alpha: float(alpha), gamma: float(gamma) }) },
  layer_normalization: {
    op: "LayerNormalization",
    attributes: ({ axis, epsilon }) => ({ axis: axis as number, epsilon: float(epsilon) }),
  },
  softmax: { op: "Softmax", attributes: axisOf },
  log_softmax: { op: "LogSoftmax", attributes: axisOf },
};

function axisOf({ axis }: CompositeAttributes, rank: number): Attributes {
  const given = axis as number;
  return { axis: given < 0 ? given + rank : given };
}

/** Whether ONNX has an operator for a function. */
export const takesOperator: TakesComposite = ({ name, operands }) =>
  Object.hasOwn(forms, name) && storedAs(operands[0]!.dtype) === "float32";

/** Translates a function, if it is one that {@link takesOperator} accepted. */
export function operator(values: Values, { name, attributes, operands, results }: Composite): boolean {
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form === undefined) return false;
  const bounds = (form.bounds ?? []).map((n) => values.number("float32", n));
  const [x, ...weights] = operands as [Node, ...Node[]];
  const settings = form.attributes?.(attributes, x.shape.length) ?? {};
  values.setWhole(
    results[0]!,
    values.emitter.op(
      form.op,
      [values.whole(x), ...weights.map((w) => values.whole(w)), ...bounds],
      settings,
    ),
  );
  return true;
}
