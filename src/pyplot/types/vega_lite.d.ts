/**
 * The little of Vega-Lite that figures use. The compiler options map the package to this file, because Vega-Lite's own
 * declarations do not check under `exactOptionalPropertyTypes`.
 */
export interface VegaData {
  readonly name: string;
  values?: readonly object[];
}
export interface VegaUnit {
  readonly data?: VegaData[];
  readonly marks?: object[];
  readonly scales?: object[];
  readonly axes?: object[];
  readonly projections?: object[];
  readonly config?: object;
}
export function compile(spec: object): { readonly spec: VegaUnit };
