/** `keras.utils`: seeds, names, preparing data. */
export { clearSession } from "./naming.ts";
export { normalize, toCategorical } from "./numerical_utils.ts";
export { Progbar, type ProgbarOptions } from "./progbar.ts";
export { setRandomSeed } from "./rng_utils.ts";
