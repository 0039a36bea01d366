/** What a `FeatureSpace` knows of one feature, and of one cross of features. */
import { show, ValueError } from "../../../engine/index.ts";
import type { Config } from "../../saving/config.ts";
import { deserializeKerasObject, learnClass, serializeKerasObject } from "../../saving/serialization_lib.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import { type AnyLayer, Layer } from "../layer.ts";

/** The dtypes of features: those of numbers, and texts. */
export type FeatureDType = "float32" | "int32" | "string";

/** What the preprocessor's output becomes: `"float"` and `"int"` stay as they are. */
export type FeatureOutputMode = "int" | "one_hot" | "float";

const module = "keras.src.layers.preprocessing.feature_space";

/** One feature. */
export class Feature {
  static readonly module: string = module;
  static readonly className: string = "Feature";
  readonly dtype: FeatureDType;
  /** The layer that makes numbers of the values. */
  readonly preprocessor: AnyLayer;
  readonly outputMode: FeatureOutputMode;

  /** @throws ValueError for unknown modes, and when the preprocessor is no layer */
  constructor(dtype: FeatureDType, preprocessor: AnyLayer, outputMode: FeatureOutputMode) {
    learnClass(Feature);
    this.dtype = checkChoice(dtype, ["float32", "int32", "string"], "Feature", "dtype");
    this.outputMode = checkChoice(outputMode, ["int", "one_hot", "float"], "Feature", "outputMode");
    if (!(preprocessor instanceof Layer))
      throw new ValueError(`Feature: expected preprocessor to be a layer. Received: ${show(preprocessor)}`);
    this.preprocessor = preprocessor;
  }

  getConfig(): Config {
    const { dtype, preprocessor, outputMode } = this;
    return { dtype, preprocessor: serializeKerasObject(preprocessor), output_mode: outputMode };
  }

  static fromConfig(config: Config): Feature {
    const { dtype, preprocessor, output_mode: mode } = config;
    // Files of Keras have wider integers, which become the ones that there are.
    return new Feature(
      (dtype === "int64" ? "int32" : dtype) as FeatureDType,
      deserializeKerasObject(preprocessor) as AnyLayer,
      mode as FeatureOutputMode,
    );
  }
}

/** Features that are crossed. */
export class Cross {
  static readonly module: string = module;
  static readonly className: string = "Cross";
  readonly featureNames: readonly string[];
  readonly crossingDim: number;
  readonly outputMode: "int" | "one_hot";

  /** @throws ValueError for unknown modes */
  constructor(
    featureNames: readonly string[],
    crossingDim: number,
    outputMode: "int" | "one_hot" = "one_hot",
  ) {
    learnClass(Cross);
    this.featureNames = [...featureNames];
    this.crossingDim = crossingDim;
    this.outputMode = checkChoice(outputMode, ["int", "one_hot"], "Cross", "outputMode");
  }

  get name(): string {
    return this.featureNames.join("_X_");
  }

  getConfig(): Config {
    const { featureNames, crossingDim, outputMode } = this;
    return { feature_names: featureNames, crossing_dim: crossingDim, output_mode: outputMode };
  }

  static fromConfig(config: Config): Cross {
    const { feature_names: names, crossing_dim: dim, output_mode: mode } = config;
    return new Cross(names as string[], dim as number, mode as "int" | "one_hot");
  }
}
