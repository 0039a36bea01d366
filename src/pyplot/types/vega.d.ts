/**
 * The little of Vega that figures use. The compiler options map the package to this file, because Vega-Lite's own
 * declarations do not check under `exactOptionalPropertyTypes`.
 */
export interface Runtime {
  readonly operators: unknown;
}
export function parse(spec: object): Runtime;
export class View {
  constructor(runtime: Runtime, options: { readonly renderer: "none" });
  toSVG(): Promise<string>;
  finalize(): this;
}
