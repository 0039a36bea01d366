/** `keras.optimizers.schedules`: learning rates that change as training goes on. */
export * from "./cosine_decay.ts";
export * from "./cosine_decay_restarts.ts";
export * from "./exponential_decay.ts";
export * from "./inverse_time_decay.ts";
export { LearningRateSchedule } from "./learning_rate_schedule.ts";
export * from "./piecewise_constant_decay.ts";
export * from "./polynomial_decay.ts";
export { deserialize, serialize } from "./serialization.ts";
