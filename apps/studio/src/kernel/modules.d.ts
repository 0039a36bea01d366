/** Every public module of the package, by the name that programs import; the build writes it. */
declare module "virtual:tsuno" {
  export const loaders: Readonly<Record<string, () => Promise<object>>>;
}

/** How the package draws a training; the build writes it. */
declare module "virtual:training" {
  export function trainingView(
    state: unknown,
    words: Readonly<Record<"inAll" | "left" | "batches" | "samples", string>>,
  ): Promise<Readonly<Record<string, unknown>>>;
}
