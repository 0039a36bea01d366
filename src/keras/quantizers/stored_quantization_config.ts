/** How a layer of a file was calibrated, without what calibrates: programs that only run such layers do not load it. */
import type { Config } from "../saving/config.ts";
import type { SerializedObject } from "../saving/registry.ts";
import { QuantizationConfig } from "./quantization_config.ts";

const modes = { GPTQConfig: "gptq", AWQConfig: "awq" } as const;

/** The config of a calibration that is over. */
export class StoredQuantizationConfig extends QuantizationConfig {
  readonly mode: "gptq" | "awq";
  /** As the file has it. */
  readonly written: SerializedObject;

  private constructor(mode: "gptq" | "awq", written: SerializedObject) {
    super();
    this.mode = mode;
    this.written = written;
  }

  /** A config from JSON, if it is of this kind. */
  static read(written: {
    readonly class_name: string;
    readonly config?: unknown;
  }): StoredQuantizationConfig | undefined {
    if (!Object.hasOwn(modes, written.class_name)) return undefined;
    return new StoredQuantizationConfig(
      modes[written.class_name as keyof typeof modes],
      written as SerializedObject,
    );
  }

  override get policyMode(): string {
    const { weight_bits: bits, group_size: size } = this.getConfig();
    return `${this.mode}/${String(bits)}/${String(size)}`;
  }

  override getConfig(): Config {
    return this.written.config;
  }
}
