/**
 * The three options that layers have for each of their weights: how it begins, what penalizes it and what bounds it. For a
 * weight `kernel` they are `kernelInitializer`, `kernelRegularizer` and `kernelConstraint`, and so are the layer's properties.
 */
import * as constraints from "../constraints/index.ts";
import * as initializers from "../initializers/index.ts";
import * as regularizers from "../regularizers/index.ts";
import type { Config } from "../saving/config.ts";

type Begins<W extends string, T> = { readonly [K in `${W}Initializer`]: T };
type Penalized<W extends string, T> = { readonly [K in `${W}Regularizer`]: T };
type Bounded<W extends string, T> = { readonly [K in `${W}Constraint`]: T };

/** The options of a weight. */
export type WeightOptions<W extends string> = Partial<
  Begins<W, initializers.InitializerIdentifier | undefined> &
    Penalized<W, regularizers.RegularizerLike | null | undefined> &
    Bounded<W, constraints.ConstraintLike | null | undefined>
>;

/** The properties of a layer that come of them. */
export type WeightProperties<W extends string> = Begins<W, initializers.InitializerFunction> &
  Penalized<W, regularizers.Regularizer | null> &
  Bounded<W, constraints.Constraint | null>;

/** The options of kernels. */
export interface KernelOptions {
  /** What the kernel begins with. Default `"glorot_uniform"`. */
  readonly kernelInitializer?: initializers.InitializerIdentifier;
  /** A penalty on the kernel, which is added to the loss. Default none. */
  readonly kernelRegularizer?: regularizers.RegularizerLike | null;
  /** What the kernel is made to fulfil after each update. Default none. */
  readonly kernelConstraint?: constraints.ConstraintLike | null;
}

/** The options of biases. */
export interface BiasOptions {
  /** What the bias begins with. Default `"zeros"`. */
  readonly biasInitializer?: initializers.InitializerIdentifier;
  /** A penalty on the bias, which is added to the loss. Default none. */
  readonly biasRegularizer?: regularizers.RegularizerLike | null;
  /** What the bias is made to fulfil after each update. Default none. */
  readonly biasConstraint?: constraints.ConstraintLike | null;
}

const kinds = ["Initializer", "Regularizer", "Constraint"] as const;

/** The names of the options of weights. */
export function weightOptionNames<W extends string>(
  ...weights: readonly W[]
): `${W}${(typeof kinds)[number]}`[] {
  return weights.flatMap((weight) => kinds.map((kind) => `${weight}${kind}` as const));
}

/**
 * What a layer's options say of a weight: its initializer, regularizer and constraint.
 *
 * @param initializer where the options have none
 * @throws ValueError for identifiers that mean nothing
 */
export function readWeightOptions<W extends string>(
  options: WeightOptions<W>,
  weight: W,
  initializer: initializers.InitializerIdentifier,
): [initializers.InitializerFunction, regularizers.Regularizer | null, constraints.Constraint | null] {
  const given = options as Readonly<Record<string, unknown>>;
  return [
    initializers.get(
      (given[`${weight}Initializer`] as initializers.InitializerIdentifier | undefined) ?? initializer,
    ),
    regularizers.get(given[`${weight}Regularizer`] as regularizers.RegularizerLike | undefined),
    constraints.get(given[`${weight}Constraint`] as constraints.ConstraintLike | undefined),
  ];
}

/** What acts on a weight, as `addWeight` takes it. */
export interface WeightActions {
  readonly initializer: initializers.InitializerFunction;
  readonly regularizer: regularizers.Regularizer | null;
  readonly constraint: constraints.Constraint | null;
}

/** What a layer has for a weight. */
export function weightActions<W extends string>(layer: WeightProperties<W>, weight: W): WeightActions {
  // TypeScript finds such names in one mapped type, not in several.
  const begins: Begins<W, initializers.InitializerFunction> = layer;
  const penalized: Penalized<W, regularizers.Regularizer | null> = layer;
  const bounded: Bounded<W, constraints.Constraint | null> = layer;
  return {
    initializer: begins[`${weight}Initializer`],
    regularizer: penalized[`${weight}Regularizer`],
    constraint: bounded[`${weight}Constraint`],
  };
}

/** The part of a layer's config that is about weights. */
export function weightConfig<W extends string>(layer: WeightProperties<W>, ...weights: readonly W[]): Config {
  const actions = weights.map((weight) => [weight, weightActions(layer, weight)] as const);
  return Object.fromEntries([
    ...actions.map(([weight, { initializer }]) => [
      `${weight}_initializer`,
      initializers.serialize(initializer as initializers.Initializer),
    ]),
    ...actions.map(([weight, { regularizer }]) => [
      `${weight}_regularizer`,
      regularizer && regularizers.serialize(regularizer),
    ]),
    ...actions.map(([weight, { constraint }]) => [
      `${weight}_constraint`,
      constraint && constraints.serialize(constraint),
    ]),
  ]) as Config;
}
