/** Losses by name where not all of them are loaded. */
import { OnDemand } from "../saving/on_demand.ts";
import { BinaryCrossentropy, binaryCrossentropy } from "./binary_crossentropy.ts";
import { CategoricalCrossentropy, categoricalCrossentropy } from "./categorical_crossentropy.ts";
import type { Loss } from "./loss.ts";
import type { LossFunction } from "./loss_function_wrapper.ts";
import { MeanAbsoluteError, meanAbsoluteError } from "./mean_absolute_error.ts";
import { MeanSquaredError, meanSquaredError } from "./mean_squared_error.ts";
import { aliases, names } from "./names.ts";
import {
  SparseCategoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from "./sparse_categorical_crossentropy.ts";

/** What most programs train with. */
const usual = {
  classes: {
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
  },
  functions: {
    binary_crossentropy: binaryCrossentropy,
    categorical_crossentropy: categoricalCrossentropy,
    mean_absolute_error: meanAbsoluteError,
    mean_squared_error: meanSquaredError,
    sparse_categorical_crossentropy: sparseCategoricalCrossentropy,
  },
  aliases,
};

/** The losses that names stand for. */
export const lossesOnDemand: OnDemand<Loss | LossFunction> = new OnDemand<Loss | LossFunction>(
  "loss",
  usual,
  names,
  () => import("./serialization.ts"),
);
