/** Values from mpmath with 40 digits. */
import { describe, expect, it } from "vitest";
import { erf, erfc, erfInv, logistic, power, roundNearestEven } from "./special.ts";

const { NEGATIVE_INFINITY: low, POSITIVE_INFINITY: high, NaN: nan } = Number;

/** Equal up to a few units in the last place. */
function expectNear(actual: number, expected: number, relative = 1e-15): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * relative);
}

describe("erf", () => {
  it.each([
    [1e-300, 1.1283791670955126022e-300],
    [1e-8, 1.1283791670955125599e-8],
    [0.1, 0.1124629160182848984],
    [0.5, 0.52049987781304653768],
    [1, 0.84270079294971486934],
    [1.7, 0.98379045859077456084],
    [2.5, 0.99959304798255504106],
    [5.8, 0.99999999999999976444],
  ])("of %d", (x, y) => {
    expectNear(erf(x), y);
    expectNear(erf(-x), -y);
  });

  it("of the ends", () => {
    expect([0, -0, high, low, nan].map(erf)).toEqual([0, -0, 1, -1, nan]);
  });
});

describe("erfc", () => {
  it.each([
    [0.5, 0.47950012218695346232],
    [1.7, 0.016209541409225439159],
    [2, 0.0046777349810472658379],
    [3.3, 3.0577097964381651988e-6],
    [5.8, 2.3555893751564415729e-16],
  ])("of %d", (x, y) => expectNear(erfc(x), y, 5e-15));
});

describe("erfInv", () => {
  it.each([
    [1e-300, 8.8622692545275803586e-301],
    [1e-9, 8.8622692545275806908e-10],
    [0.01, 0.0088625012809505980923],
    [0.3, 0.27246271472675434502],
    [0.4999, 0.47682502362542779535],
    [0.5, 0.47693627620446987338],
    [0.7, 0.73286907795921678488],
    [0.9, 1.1630871536766741628],
    [0.99, 1.8213863677184494559],
    [0.9999, 2.7510639057120796917],
    [1 - 2 ** -30, 4.3280282758009464554],
    [1 - 2 ** -53, 5.8635847487551679272],
  ])("of %d", (x, y) => {
    expectNear(erfInv(x), y, 2e-15);
    expectNear(erfInv(-x), -y, 2e-15);
  });

  it("of the ends", () => {
    expect([0, -0, 1, -1, 1.5, nan].map(erfInv)).toEqual([0, -0, high, low, nan, nan]);
  });
});

it("logistic neither overflows nor loses small values", () => {
  expect(logistic(0)).toBe(0.5);
  expectNear(logistic(-40), 4.248354255291589e-18);
  expect([-1000, 1000, nan].map(logistic)).toEqual([0, 1, nan]);
});

it("roundNearestEven takes halves to the even side and keeps the sign of zero", () => {
  const given = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, -0.2, 1e300, low, nan];
  expect(given.map(roundNearestEven)).toEqual([0, 2, 2, -0, -2, -2, 0, -0, 1e300, low, nan]);
});

it("power is C's", () => {
  expect([power(1, nan), power(-1, low), power(nan, 0), power(-8, 1 / 3), power(0, -1)]).toEqual([
    1,
    1,
    1,
    nan,
    high,
  ]);
});
