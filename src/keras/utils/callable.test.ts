import { expect, test } from "vitest";
import { Callable } from "./callable.ts";

interface Power {
  (x: number): number;
}
class Power extends Callable {
  readonly name: string = "power";
  readonly #exponent: number;
  constructor(exponent: number) {
    super("call");
    this.#exponent = exponent;
  }
  call(x: number): number {
    return x ** this.#exponent;
  }
}
class Negative extends Power {
  override call(x: number): number {
    return -super.call(x);
  }
}

test("instances are called like functions, and stay instances", () => {
  const square = new Power(2);
  expect(square(3)).toBe(9);
  expect(square.call(3)).toBe(9);
  expect(square).toBeInstanceOf(Power);
  expect(square.name).toBe("power");
  expect(Object.keys(square)).toEqual(["name"]);
  expect(new Negative(2)(3)).toBe(-9);
  expect(square.constructor).toBe(Power);
});
