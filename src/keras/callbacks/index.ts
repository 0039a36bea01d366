/** `keras.callbacks`: what hears of training and may act on it. */
export * from "./backup_and_restore.ts";
export {
  Callback,
  type CallbackModel,
  type CallbackParams,
  type CallbackState,
  type Logs,
  type PastEpochs,
} from "./callback.ts";
export * from "./callback_list.ts";
export * from "./csv_logger.ts";
export * from "./early_stopping.ts";
export * from "./history.ts";
export * from "./lambda_callback.ts";
export * from "./learning_rate_scheduler.ts";
export * from "./model_checkpoint.ts";
export type { MonitorMode, MonitorOptions } from "./monitor_callback.ts";
export * from "./progbar_logger.ts";
export * from "./reduce_lr_on_plateau.ts";
export * from "./remote_monitor.ts";
export * from "./swap_ema_weights.ts";
export * from "./tensorboard.ts";
export * from "./terminate_on_nan.ts";
