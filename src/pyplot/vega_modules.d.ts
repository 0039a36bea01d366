/**
 * The little of Vega and Vega-Lite that figures use. Declared here because Vega-Lite's own declarations do not
 * check under `exactOptionalPropertyTypes`.
 */
declare module "vega" {
  export interface Runtime {
    readonly operators: unknown;
  }
  export function parse(spec: object): Runtime;
  export class View {
    constructor(runtime: Runtime, options: { readonly renderer: "none" });
    toSVG(): Promise<string>;
    finalize(): this;
  }
}

declare module "vega-lite" {
  export interface VegaData {
    readonly name: string;
    values?: readonly object[];
  }
  export interface VegaUnit {
    readonly data?: VegaData[];
    readonly marks?: object[];
    readonly scales?: object[];
    readonly axes?: object[];
    readonly config?: object;
  }
  export function compile(spec: object): { readonly spec: VegaUnit };
}
