import { describe, expect, test } from "vitest";
import { ValueError } from "../../engine/index.ts";
import type { Config } from "./config.ts";
import { classNameOf, resolve, serializeObject, type Table } from "./registry.ts";

class BigThing {
  static readonly className: string = "BigThing";
  readonly size: number;
  constructor(size = 1) {
    this.size = size;
  }
  getConfig(): Config {
    return { size: this.size };
  }
  static fromConfig(config: Config): BigThing {
    return new BigThing(config["size"] as number | undefined);
  }
}

class Derived extends BigThing {}

const small = { size: 0 };
const table: Table<{ size: number }> = {
  classes: { BigThing },
  functions: { small_thing: small },
  aliases: { bt: "BigThing" },
};
const get = (identifier: unknown): { size: number } => resolve("thing", identifier, table);

describe("resolve", () => {
  test("knows names of classes, functions and aliases", () => {
    for (const name of ["BigThing", "big_thing", "bt"]) expect(get(name)).toBeInstanceOf(BigThing);
    expect(get("small_thing")).toBe(small);
  });

  test("reads configs", () => {
    expect(get({ class_name: "BigThing", config: { size: 7 } }).size).toBe(7);
    expect(get({ class_name: "bt" }).size).toBe(1);
    expect(get({ module: "builtins", class_name: "function", config: "small_thing" })).toBe(small);
  });

  test("makes an instance of a class, and leaves objects and functions alone", () => {
    expect(get(BigThing)).toBeInstanceOf(BigThing);
    expect(get(small)).toBe(small);
    const fn = (): number => 1;
    expect(get(fn)).toBe(fn);
  });

  test("suggests what may have been meant", () => {
    expect(() => get("bigthin")).toThrow(ValueError);
    expect(() => get("bigthin")).toThrow('Unknown thing: "bigthin". Did you mean "BigThing"? Available:');
    expect(() => get("toString")).toThrow(ValueError);
    expect(() => get(3)).toThrow("Could not interpret thing identifier: 3");
    expect(() => get(null)).toThrow(ValueError);
  });
});

describe("serializeObject", () => {
  test("writes what Keras writes", () => {
    const written = {
      module: "keras.things",
      class_name: "BigThing",
      config: { size: 3 },
      registered_name: null,
    };
    expect(serializeObject(new BigThing(3), "keras.things")).toEqual(written);
  });

  test("a class of a user keeps its own name", () => {
    expect(classNameOf(new Derived())).toBe("Derived");
    expect(serializeObject(new Derived(), "keras.things").registered_name).toBe("Derived");
  });
});
