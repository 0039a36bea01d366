/** Names of optimizers: what identifiers mean, and how optimizers are written. */

import { show, ValueError } from "../../engine/index.ts";
import { type CustomObjectsOptions, readWith } from "../saving/object_registration.ts";
import {
  isSerialized,
  resolve,
  type SerializableClass,
  type SerializedObject,
  serializeObject,
} from "../saving/registry.ts";
import { Adadelta } from "./adadelta.ts";
import { Adafactor } from "./adafactor.ts";
import { Adagrad } from "./adagrad.ts";
import { Adam } from "./adam.ts";
import { Adamax } from "./adamax.ts";
import { AdamW } from "./adamw.ts";
import { Ftrl } from "./ftrl.ts";
import { Lamb } from "./lamb.ts";
import { Lion } from "./lion.ts";
import { LossScaleOptimizer } from "./loss_scale_optimizer.ts";
import { MultiOptimizer } from "./multi_optimizer.ts";
import { Muon } from "./muon.ts";
import { Nadam } from "./nadam.ts";
import { Optimizer } from "./optimizer.ts";
import { OptimizerMap } from "./optimizer_map.ts";
import { RMSprop } from "./rmsprop.ts";
import { ScheduleFreeAdamW } from "./schedule_free_adamw.ts";
import { SGD } from "./sgd.ts";

type ClassName =
  | "Adadelta"
  | "Adafactor"
  | "Adagrad"
  | "Adam"
  | "Adamax"
  | "AdamW"
  | "Ftrl"
  | "Lamb"
  | "Lion"
  | "LossScaleOptimizer"
  | "MultiOptimizer"
  | "Muon"
  | "Nadam"
  | "RMSprop"
  | "ScheduleFreeAdamW"
  | "SGD";

const classes: Readonly<Record<ClassName, SerializableClass<Optimizer>>> = {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  Ftrl,
  Lamb,
  Lion,
  LossScaleOptimizer,
  MultiOptimizer,
  Muon,
  Nadam,
  RMSprop,
  ScheduleFreeAdamW,
  SGD,
};

/** The names of optimizers, in any mixture of upper and lower case. */
export type OptimizerName = ClassName | Lowercase<ClassName>;

/** Whatever says which optimizer is meant: a name, a config, a class or an optimizer. */
export type OptimizerIdentifier =
  | OptimizerName
  // Names of a user's own variables are plain strings, to the type checker.
  | (string & {})
  | { readonly class_name: string; readonly config?: unknown }
  | SerializableClass<Optimizer>
  | Optimizer;

/** A name as its class is written. */
function spelt(name: string): string {
  return Object.keys(classes).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
}

/**
 * The optimizer that an identifier means. Names give an instance with default options.
 *
 * @throws ValueError when there is no such optimizer
 *
 * @example
 * ```ts
 * optimizers.get("adam").getConfig().beta_1; // → 0.9
 * ```
 */
export function get(identifier: OptimizerIdentifier): Optimizer;
export function get(identifier: OptimizerIdentifier | null): Optimizer | null;
export function get(identifier: OptimizerIdentifier | null): Optimizer | null {
  if (identifier === null) return null;
  const found = resolve<Optimizer>("optimizer", correctlySpelt(identifier), { classes });
  if (found instanceof Optimizer) return found;
  throw new ValueError(`Could not interpret optimizer identifier: ${show(identifier)}`);
}

function correctlySpelt(identifier: OptimizerIdentifier): unknown {
  if (typeof identifier === "string") return spelt(identifier);
  if (!isSerialized(identifier)) return identifier;
  return { ...identifier, class_name: spelt(identifier.class_name), config: withInner(identifier.config) };
}

/** A config in which the optimizers inside, which may be of any class, are made already. */
function withInner(config: unknown): unknown {
  if (typeof config !== "object" || config === null) return config;
  const { inner_optimizer: inner, optimizer_map: map } = config as Record<string, unknown>;
  if (isSerialized(inner)) return { ...config, inner_optimizer: get(inner) };
  if (!isSerialized(map)) return config;
  const { default_optimizer: rest, optimizer_map: named } = map.config as Record<string, unknown>;
  const optimizers = Object.entries(named as Record<string, OptimizerIdentifier>);
  return {
    ...config,
    optimizer_map: new OptimizerMap(
      get(rest as OptimizerIdentifier),
      Object.fromEntries(optimizers.map(([key, one]) => [key, get(one)])),
    ),
  };
}

/**
 * An optimizer as Keras writes it into a config.
 *
 * @example
 * ```ts
 * optimizers.serialize(new optimizers.SGD()).class_name; // → SGD
 * ```
 */
export function serialize(optimizer: Optimizer): SerializedObject {
  return serializeObject(optimizer, "keras.optimizers");
}

/**
 * An optimizer from what `serialize` gave.
 *
 * @param options `customObjects`: classes of your own, by their names
 * @throws ValueError when there is no such optimizer
 *
 * @example
 * ```ts
 * optimizers.deserialize({ class_name: "SGD", config: { momentum: 0.9 } }) instanceof optimizers.SGD; // → true
 * ```
 */
export function deserialize(
  config: { readonly class_name: string; readonly config?: unknown },
  options: CustomObjectsOptions = {},
): Optimizer {
  return readWith("optimizers.deserialize", options, () => get(config));
}
