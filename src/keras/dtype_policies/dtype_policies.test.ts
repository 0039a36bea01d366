import { describe, expect, test } from "vitest";
import { DTypeError, UnsupportedError, ValueError } from "../../engine/index.ts";
import { Dense, Embedding, deserialize as layerFrom } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import { deserializeKerasObject, serializeKerasObject } from "../saving/index.ts";
import { DTypePolicy, DTypePolicyMap, deserialize, FloatDTypePolicy, get, serialize } from "./index.ts";

const written = (name: string | null): object => ({
  module: "keras",
  class_name: "DTypePolicy",
  config: { name },
  registered_name: null,
});

describe("policies", () => {
  test("are written as Keras writes them, and read", () => {
    expect(serialize(get("mixed_float16"))).toEqual(written("mixed_float16"));
    expect(serialize(new FloatDTypePolicy("mixed_bfloat16")).class_name).toBe("FloatDTypePolicy");
    for (const name of [
      ...["float64", "mixed_float16", "int8_from_mixed_bfloat16", "int4/128_from_float32"],
      ...["gptq/4/128_from_float32", "awq/4/-1_from_float32", "ternary_from_float32", "float8_from_float32"],
    ]) {
      const policy = get(name as "float64");
      expect(policy.name).toBe(name);
      const again = deserialize(serialize(policy));
      expect([again.constructor, again.name, again.computeDtype, again.variableDtype]).toEqual([
        policy.constructor,
        ...[policy.name, policy.computeDtype, policy.variableDtype],
      ]);
    }
    expect(serialize(get("int8_from_mixed_bfloat16"))).toEqual({
      module: "keras.dtype_policies",
      class_name: "QuantizedDTypePolicy",
      config: { mode: "int8", source_name: "mixed_bfloat16" },
      registered_name: null,
    });
    expect(serialize(get("float8_from_float32")).config).toEqual({
      mode: "float8",
      source_name: "float32",
      amax_history_length: 1024,
    });
    expect(get("int4/None_from_float32").name).toBe("int4/-1_from_float32");
  });

  test("that there are not are refused", () => {
    expect(() => get("mixed_float61" as "float64")).toThrow(/Did you mean "mixed_float16"/);
    expect(() => get(3 as never)).toThrow(DTypeError);
    expect(() => get("int8")).toThrow(/<mode>_from_<policy>/);
    expect(() => get("int8_from_float16")).toThrow(/float16/);
    expect(() => get("gptq/5/128_from_float32")).toThrow(ValueError);
    expect(() => get("awq/8/128_from_float32")).toThrow(ValueError);
    expect(() => get("int4/0_from_float32")).toThrow(ValueError);
    expect(() => deserialize({ class_name: "Dense" })).toThrow(/Unknown dtype policy/);
  });

  test("that quantize are refused by layers that cannot", () => {
    const layer = new Embedding(3, 2, { dtype: "float8_from_float32" });
    expect(() => layer([[1]])).toThrow(UnsupportedError);
    expect(layer.built).toBe(false);
  });
});

describe("maps", () => {
  test("find policies by path, exactly or by expression", () => {
    const map = new DTypePolicyMap("mixed_float16", { "a/b": "bfloat16" }).set(
      "c/.*",
      new DTypePolicy("float32"),
    );
    expect(map.get("a/b").name).toBe("bfloat16");
    expect(map.get("c/d").name).toBe("float32");
    expect(map.get("a/b/c").name).toBe("mixed_float16");
    expect([map.name, map.size, map.computeDtype, map.variableDtype]).toEqual([
      ...["map_mixed_float16", 2],
      ...["float16", "float32"],
    ]);
    expect(() => map.set("a/b", "float32")).toThrow(/already/);
    map.set("c/d.*", "float16");
    expect(() => map.get("c/dd")).toThrow(/several keys/);
    expect(map.delete("c/d.*")).toBe(true);
    expect([...map.keys()]).toEqual(["a/b", "c/.*"]);
    expect(() => new DTypePolicyMap(map)).toThrow(ValueError);
  });

  test("are written as Keras writes them, and read", () => {
    const map = new DTypePolicyMap("mixed_float16", { "a/b": "bfloat16" });
    expect(serialize(map)).toEqual({
      module: "keras.dtype_policies",
      class_name: "DTypePolicyMap",
      config: { default_policy: "mixed_float16", policy_map: { "a/b": written("bfloat16") } },
      registered_name: null,
    });
    // Without a default of its own a map follows the global policy of whoever reads it.
    expect(new DTypePolicyMap(null, { a: "bfloat16" }).getConfig()).toEqual({
      default_policy: null,
      policy_map: { a: written(null) },
    });
    const again = deserialize(serialize(map)) as DTypePolicyMap;
    expect(again.get("a/b").name).toBe("bfloat16");
    expect(serialize(again)).toEqual(serialize(map));
  });

  test("say what each layer computes with, by its path", () => {
    const map = new DTypePolicyMap("float32", { "net/wide": "float64", "net/n.*": "mixed_bfloat16" });
    const model = new Sequential(
      [
        new Dense(2, { name: "wide", dtype: map }),
        new Dense(2, { name: "narrow", dtype: map }),
        new Dense(2, { name: "plain", dtype: map }),
      ],
      { name: "net" },
    );
    model([[1, 2]]);
    expect(model.layers.map((layer) => [layer.computeDtype, layer.variableDtype])).toEqual([
      ["float64", "float64"],
      ["bfloat16", "float32"],
      ["float32", "float32"],
    ]);
    const [layer] = model.layers;
    const again = deserializeKerasObject(serializeKerasObject(layer!)) as Dense;
    expect(again.dtypePolicy).toBeInstanceOf(DTypePolicyMap);
  });
});

test("a layer's policy can be set", () => {
  const layer = layerFrom({ class_name: "Dense", config: { units: 1 } } as never);
  layer.dtypePolicy = "mixed_bfloat16";
  expect([layer.computeDtype, layer.variableDtype, layer.dtypePolicy.name]).toEqual([
    ...["bfloat16", "float32", "mixed_bfloat16"],
  ]);
});

test("variables that say so keep their dtype while the layer is called", () => {
  const seen: string[] = [];
  class Probe extends Dense {
    override call(x: never): never {
      const own = this.addWeight({ shape: [1], autocast: false, name: "own" });
      seen.push(this.kernel!.value.dtype, own.value.dtype, this.kernel!.dtype);
      return super.call(x) as never;
    }
  }
  new Probe(1, { dtype: "mixed_float16" })([[1]]);
  expect(seen.slice(-3)).toEqual(["float16", "float32", "float32"]);
});
