/** Named values that are properties. */
import { describe, expect, test } from "vitest";
import { StateError, ValueError } from "../../engine/index.ts";
import { Config } from "./config.ts";

interface Settings {
  rate: number;
  momentum?: number;
  useEma?: boolean;
}

describe("Config", () => {
  test("behaves like an object and like a dictionary", () => {
    const config = new Config<Settings>({ rate: 0.1, momentum: 0.9 });
    config.useEma = true;
    expect([config.rate, config.get("momentum"), config.get("useEma", false)]).toEqual([0.1, 0.9, true]);
    expect([...config]).toEqual(["momentum", "rate", "useEma"]);
    expect([...config.items()]).toEqual([
      ["rate", 0.1],
      ["momentum", 0.9],
      ["useEma", true],
    ]);
    expect("rate" in config).toBe(true);
    expect(config.pop("momentum")).toBe(0.9);
    delete config.useEma;
    config.update({ rate: 0.2 });
    expect(config.asDict()).toEqual({ rate: 0.2 });
    expect(Object.keys(config)).toEqual(["rate"]);
    expect(config.toJson()).toBe('{"rate":0.2}');
    expect(String(config)).toBe('<Config {"rate":0.2}>');
    expect(config.size).toBe(1);
  });

  test("a frozen one refuses changes", () => {
    const config = new Config<Settings>({ rate: 1 });
    config.freeze();
    expect(config.frozen).toBe(true);
    for (const change of [
      () => (config.rate = 2),
      () => delete config.useEma,
      () => config.pop("rate"),
      () => config.update({ rate: 3 }),
    ])
      expect(change).toThrow(StateError);
    config.unfreeze();
    config.rate = 2;
    expect(config.rate).toBe(2);
  });

  test("unknown names are errors, and names of methods are taken", async () => {
    const config = new Config<Settings>({ rate: 1 });
    expect(() => (config as unknown as { raet: number }).raet).toThrow(
      'Config: there is no "raet". Did you mean "rate"?',
    );
    expect(() => config.pop("momentum")).toThrow(ValueError);
    expect(config.get("momentum", 5)).toBe(5);
    expect(() => config.update({ freeze: 1 } as never)).toThrow("freeze cannot be the name of a value");
    // Promises and JSON ask for members that configs do not have.
    expect(await Promise.resolve(config)).toBe(config);
    expect(JSON.stringify(config)).toBe('{"rate":1}');
  });
});
