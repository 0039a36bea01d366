/** Names of dtypes, for `dtype: np.float32`. */

/** Floats of 16 bits. */
export const float16 = "float16";
/** Floats of 32 bits, the usual dtype. */
export const float32 = "float32";
/** Floats of 64 bits. */
export const float64 = "float64";
/** Integers of 8 bits, from -128 to 127. */
export const int8 = "int8";
/** Integers of 16 bits, from -32768 to 32767. */
export const int16 = "int16";
/** Integers of 32 bits. */
export const int32 = "int32";
/** Integers of 16 bits without sign, from 0 to 65535. */
export const uint16 = "uint16";
/** Integers of 32 bits without sign. */
export const uint32 = "uint32";
/** Integers of 8 bits without sign, from 0 to 255. */
export const uint8 = "uint8";
/** True or false. */
export const bool = "bool";
