/** Which weights a model has besides those of its layers. */
import type { Variable } from "../backend/variable.ts";
import type { Model } from "../models/model.ts";

/** The weights of a model itself, the trained ones first. */
export function topLevelWeights(model: Model): Variable[] {
  const inLayers = new Set(model.layers.flatMap((layer) => layer.weights));
  return [...model.trainableWeights, ...model.nonTrainableWeights].filter((v) => !inLayers.has(v));
}
