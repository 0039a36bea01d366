/** `keras.distillation`: a small model learns from a large one. */
export { DistillationLoss } from "./distillation_loss.ts";
export { Distiller, type DistillerOptions } from "./distiller.ts";
export { FeatureDistillation, type FeatureDistillationOptions } from "./feature_distillation.ts";
export { LogitsDistillation, type LogitsDistillationOptions } from "./logits_distillation.ts";
