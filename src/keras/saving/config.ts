/** Names of options between TypeScript (`kernelInitializer`) and Keras's config JSON (`kernel_initializer`). */

/** What `getConfig` returns: JSON with Keras's names. */
export type Config = Readonly<Record<string, unknown>>;

/** `kernel_initializer` → `kernelInitializer`, `beta_1` → `beta1`. */
export function snakeToCamel(name: string): string {
  return name.replace(/(?<=.)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `kernelInitializer` → `kernel_initializer`, `beta1` → `beta_1`, but `l1` stays: one letter is no word. */
export function camelToSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/([a-z]{2})(\d)/g, "$1_$2");
}

/** An object with Keras's names for its keys; values are left alone. */
export function toConfig(options: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [camelToSnake(key), value]));
}

/** An object with TypeScript's names for its keys; values are left alone. */
export function fromConfig(config: Config): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [snakeToCamel(key), value]));
}
