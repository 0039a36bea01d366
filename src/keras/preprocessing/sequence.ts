/** `keras.preprocessing.sequence`: older names of what `keras.utils` has. */
export { type PadSequencesOptions, padSequences } from "../utils/sequence_utils.ts";
