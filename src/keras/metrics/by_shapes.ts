/** The metrics of names that mean one or the other, depending on the shapes of targets and predictions. */
import { type Shape, show, ValueError } from "../../engine/index.ts";
import { BinaryAccuracy } from "./binary_accuracy.ts";
import { BinaryCrossentropy } from "./binary_crossentropy.ts";
import { CategoricalAccuracy } from "./categorical_accuracy.ts";
import { CategoricalCrossentropy } from "./categorical_crossentropy.ts";
import type { Metric } from "./metric.ts";
import { SparseCategoricalAccuracy } from "./sparse_categorical_accuracy.ts";
import { SparseCategoricalCrossentropy } from "./sparse_categorical_crossentropy.ts";

/** Which of three kinds of classification targets and predictions are for. */
export function kindOf(yTrue: Shape, yPred: Shape): "binary" | "sparse" | "categorical" {
  const classes = yPred[yPred.length - 1];
  if (classes === 1) return "binary";
  return yTrue.length < yPred.length || yTrue[yTrue.length - 1] === 1 ? "sparse" : "categorical";
}

/**
 * The metric that `"accuracy"` (or `"acc"`) and `"crossentropy"` (or `"ce"`) mean for targets and predictions of given
 * shapes: that of yes and no if there is one prediction, that of class numbers if the targets have no axis of classes, else
 * that of one-hot vectors.
 *
 * @throws ValueError for other identifiers
 *
 * @example
 * ```ts
 * resolveByShapes("accuracy", [32, 1], [32, 1]) instanceof metrics.BinaryAccuracy; // → true
 * ```
 */
export function resolveByShapes(identifier: string, yTrue: Shape, yPred: Shape): Metric {
  const kind = kindOf(yTrue, yPred);
  switch (identifier.toLowerCase()) {
    case "accuracy":
    case "acc": {
      const accuracies = {
        binary: BinaryAccuracy,
        sparse: SparseCategoricalAccuracy,
        categorical: CategoricalAccuracy,
      };
      return new accuracies[kind]({ name: identifier });
    }
    case "crossentropy":
    case "ce": {
      const crossentropies = {
        binary: BinaryCrossentropy,
        sparse: SparseCategoricalCrossentropy,
        categorical: CategoricalCrossentropy,
      };
      return new crossentropies[kind]({ name: identifier });
    }
    default:
      throw new ValueError(
        `Expected "accuracy", "acc", "crossentropy" or "ce". Received: ${show(identifier)}`,
      );
  }
}
