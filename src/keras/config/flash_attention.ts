/** A switch that Keras has for kernels of other devices. */

let enabled = true;

/**
 * Allows flash attention, as is the default. It changes nothing here: there is one implementation of attention, which
 * serves all devices.
 *
 * @example
 * ```ts
 * keras.config.enableFlashAttention();
 * keras.config.isFlashAttentionEnabled(); // → true
 * ```
 */
export function enableFlashAttention(): void {
  enabled = true;
}

/**
 * Forbids flash attention. It changes nothing here, as for {@link enableFlashAttention}.
 *
 * @example
 * ```ts
 * keras.config.disableFlashAttention();
 * keras.config.isFlashAttentionEnabled(); // → false
 * keras.config.enableFlashAttention();
 * ```
 */
export function disableFlashAttention(): void {
  enabled = false;
}

/**
 * Whether flash attention is allowed.
 *
 * @example
 * ```ts
 * keras.config.isFlashAttentionEnabled(); // → true
 * ```
 */
export function isFlashAttentionEnabled(): boolean {
  return enabled;
}
