/** What callbacks that save use of a model. */
import { StateError } from "../../engine/index.ts";
import type { Target } from "../../files/target.ts";
import type { Variable } from "../backend/variable.ts";
import type { Saveable } from "../saving/own_state.ts";
import type { TrainingPosition } from "../trainers/training_position.ts";
import type { CallbackModel } from "./callback.ts";

/** A model that can be saved: every one that `fit` trains. */
export interface SavableModel extends CallbackModel, Saveable {
  readonly built: boolean;
  /** Weights, and the states of random generators. */
  readonly variables: readonly Variable[];
  readonly weights: readonly Variable[];
  readonly trainableVariables: readonly Variable[];
  /** Where the call of `fit` stands that is at work. */
  readonly trainingPosition: TrainingPosition | undefined;
  save(target: Target): Promise<void>;
  saveWeights(target: Target): Promise<void>;
}

/** The model of a callback that saves. */
export function savable(model: CallbackModel): SavableModel {
  if ("saveWeights" in model && "saveOwnVariables" in model) return model as SavableModel;
  throw new StateError("This callback saves models; the one it works for cannot be saved.");
}
