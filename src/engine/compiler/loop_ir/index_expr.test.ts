/** The normal form of index expressions must not change what they are worth. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { patience, runs } from "../../../../test/support/runs.ts";
import { type Atom, type Index, IndexTable, type LoopVar, loopVar } from "./index_expr.ts";

type Values = ReadonlyMap<LoopVar, number>;

function atomValue(atom: Atom, at: Values): number {
  if (atom.kind === "var") return at.get(atom.variable)!;
  if (atom.kind === "value") throw new Error("no run-time values here");
  const x = worth(atom.arg, at);
  const floor = Math.floor(x / atom.by);
  return atom.kind === "div" ? floor : x - atom.by * floor;
}

/** What an index is worth for given values of the variables. */
function worth(i: Index, at: Values): number {
  return i.terms.reduce((sum, { atom, coef }) => sum + coef * atomValue(atom, at), i.constant + 0);
}

/** An operation on the expressions made before: which operands, and a number. */
const step = fc.record({
  op: fc.constantFrom("add", "addConstant", "mul", "div", "mod", "recombine"),
  a: fc.nat({ max: 99 }),
  b: fc.nat({ max: 99 }),
  by: fc.integer({ min: 1, max: 12 }),
  sign: fc.constantFrom(1, 1, 1, -1),
});

test("random expressions keep their worth and stay in their bounds", { timeout: patience }, () => {
  const recipe = fc.record({
    extents: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
    steps: fc.array(step, { minLength: 1, maxLength: 10 }),
  });
  fc.assert(
    fc.property(recipe, ({ extents, steps }) => {
      const t = new IndexTable();
      const variables = extents.map((n) => loopVar(n));
      const made: { index: Index; worth: (at: Values) => number }[] = variables.map((v) => {
        return { index: t.variable(v), worth: (at) => at.get(v)! };
      });
      for (const { op, a, b, by, sign } of steps) {
        const [x, y] = [made[a % made.length]!, made[b % made.length]!];
        const floor = (at: Values): number => Math.floor(x.worth(at) / by);
        const next = {
          add: () => ({ index: t.add(x.index, y.index), worth: (at: Values) => x.worth(at) + y.worth(at) }),
          addConstant: () => ({
            index: t.addConstant(x.index, sign * by),
            worth: (at: Values) => x.worth(at) + sign * by,
          }),
          mul: () => ({ index: t.mul(x.index, sign * by), worth: (at: Values) => x.worth(at) * sign * by }),
          div: () => ({ index: t.div(x.index, by), worth: floor }),
          mod: () => ({ index: t.mod(x.index, by), worth: (at: Values) => x.worth(at) - by * floor(at) }),
          recombine: () => ({
            index: t.add(t.mul(t.div(x.index, by), by), t.mod(x.index, by)),
            worth: x.worth,
          }),
        }[op]();
        made.push(next);
      }
      let points: Map<LoopVar, number>[] = [new Map()];
      for (const v of variables) {
        points = points.flatMap((p) => Array.from({ length: v.extent }, (_, i) => new Map([...p, [v, i]])));
      }
      for (const at of points) {
        for (const { index, worth: expected } of made) {
          const actual = worth(index, at);
          if (actual !== expected(at)) throw new Error(`worth ${actual}, expected ${expected(at)}`);
          if (actual < index.min || actual > index.max) {
            throw new Error(`${actual} is out of ${index.min} … ${index.max}`);
          }
        }
      }
      // Variables that run over parts of their ranges: what follows from the ranges still holds.
      const fresh = variables.map((v) => loopVar(Math.ceil(v.extent / 2)));
      const replace = new Map(variables.map((v, i) => [v, t.mul(t.variable(fresh[i]!), 2)] as const));
      const at = new Map(fresh.map((v) => [v, v.extent - 1]));
      const before = new Map(fresh.map((v, i) => [variables[i]!, 2 * (v.extent - 1)]));
      for (const { index } of made) {
        expect(
          worth(
            t.substitute(index, replace, (e) => e),
            at,
          ),
        ).toBe(worth(index, before));
      }
    }),
    runs(400),
  );
});

describe("what reshapes leave behind cancels", () => {
  const t = new IndexTable();
  const [i, j] = [loopVar(4), loopVar(6)];
  const [vi, vj] = [t.variable(i), t.variable(j)];
  const flat = t.add(t.mul(vi, 6), vj);

  test("quotients and remainders of what was put together", () => {
    expect(t.div(flat, 6)).toBe(vi);
    expect(t.mod(flat, 6)).toBe(vj);
  });

  test("by other factors", () => {
    expect(t.div(flat, 24)).toBe(t.constant(0));
    expect(t.mod(flat, 24)).toBe(flat);
    expect(t.div(flat, 12)).toBe(t.div(vi, 2));
    expect(t.mod(flat, 12)).toBe(t.add(t.mul(t.mod(vi, 2), 6), vj));
  });

  test("a reshape and its inverse", () => {
    const [a, b] = [t.div(flat, 4), t.mod(flat, 4)];
    expect(t.add(t.mul(a, 4), b)).toBe(flat);
  });

  test("quotients of quotients", () => {
    const v = t.variable(loopVar(1000));
    expect(t.div(t.div(v, 7), 5)).toBe(t.div(v, 35));
  });

  test("variables of one value", () => {
    expect(t.variable(loopVar(1))).toBe(t.constant(0));
  });
});
