/**
 * Index arithmetic: whole-number expressions over loop variables, with known ranges, kept in a normal form so that the
 * divisions and remainders which reshapes leave behind cancel wherever they can.
 *
 * Normal form: a constant plus a sum of terms, each a coefficient times an atom (a loop variable, a run-time value, or a
 * quotient or remainder that did not simplify). Expressions are interned: equal ones are the same object.
 */
import type { Expr } from "./expr.ts";

/** A loop variable. It runs over 0, step, 2·step, … below `extent`; a run-time extent is bounded by it. */
export interface LoopVar {
  readonly id: number;
  readonly name: string;
  readonly extent: number;
}

/** What coefficients multiply. Ranges are inclusive. */
export type Atom =
  | {
      readonly kind: "var";
      readonly id: number;
      readonly variable: LoopVar;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: "value";
      readonly id: number;
      readonly value: Expr;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: "div" | "mod";
      readonly id: number;
      readonly arg: Index;
      readonly by: number;
      readonly min: number;
      readonly max: number;
    };

/** One summand. */
export interface Term {
  readonly atom: Atom;
  readonly coef: number;
}

/** constant + Σ coef·atom, terms ordered by the atoms' ids. */
export interface Index {
  readonly id: number;
  readonly constant: number;
  readonly terms: readonly Term[];
  readonly min: number;
  readonly max: number;
}

let nextVar = 0;

/** A new loop variable. */
export function loopVar(extent: number, name = "i"): LoopVar {
  const id = nextVar++;
  return { id, name: `${name}${id}`, extent };
}

/**
 * The intern tables of one compilation. They hold on to everything ever built, so each compilation makes its own and
 * drops it at the end: nothing accumulates in a long-lived process.
 */
export class IndexTable {
  #atoms = new Map<string, Atom>();
  #indices = new Map<string, Index>();

  #atom(key: string, make: (id: number) => Atom): Atom {
    let atom = this.#atoms.get(key);
    if (atom === undefined) {
      atom = make(this.#atoms.size);
      this.#atoms.set(key, atom);
    }
    return atom;
  }

  #sum(constant: number, coefs: Map<Atom, number>): Index {
    const terms: Term[] = [];
    for (const [atom, coef] of coefs) {
      if (coef === 0) continue;
      if (atom.min === atom.max) constant += coef * atom.min;
      else terms.push({ atom, coef });
    }
    if (terms.length > 1) terms.sort((a, b) => a.atom.id - b.atom.id);
    let key = `${constant}`;
    for (const { atom, coef } of terms) key += `+${coef}*${atom.id}`;
    let index = this.#indices.get(key);
    if (index === undefined) {
      let min = constant;
      let max = constant;
      for (const { atom, coef } of terms) {
        min += coef * (coef > 0 ? atom.min : atom.max);
        max += coef * (coef > 0 ? atom.max : atom.min);
      }
      index = { id: this.#indices.size, constant, terms, min, max };
      this.#indices.set(key, index);
    }
    return index;
  }

  constant(value: number): Index {
    return this.#sum(value, new Map());
  }

  variable(v: LoopVar): Index {
    const atom = this.#atom(`v${v.id}`, (id) => {
      return { kind: "var", id, variable: v, min: 0, max: Math.max(0, v.extent - 1) };
    });
    return this.#sum(0, new Map([[atom, 1]]));
  }

  /** A run-time int32 that is known to lie in a range. */
  value(expr: Expr, min: number, max: number): Index {
    const atom = this.#atom(`x${expr.id},${min},${max}`, (id) => ({
      kind: "value",
      id,
      value: expr,
      min,
      max,
    }));
    return this.#sum(0, new Map([[atom, 1]]));
  }

  add(a: Index, b: Index): Index {
    return this.combine(0, [a, b], [1, 1]);
  }

  /** constant + Σ factors[i]·parts[i]. */
  combine(constant: number, parts: readonly Index[], factors: readonly number[]): Index {
    const coefs = new Map<Atom, number>();
    let split = false;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      const factor = factors[i]!;
      constant += part.constant * factor;
      for (const { atom, coef } of part.terms) {
        coefs.set(atom, (coefs.get(atom) ?? 0) + coef * factor);
        split ||= atom.kind === "mod";
      }
    }
    return split ? this.#recombine(constant, coefs) : this.#sum(constant, coefs);
  }

  addConstant(a: Index, c: number): Index {
    return c === 0 ? a : this.add(a, this.constant(c));
  }

  mul(a: Index, by: number): Index {
    const coefs = new Map<Atom, number>();
    for (const { atom, coef } of a.terms) coefs.set(atom, coef * by);
    return this.#sum(a.constant * by, coefs);
  }

  /** by·(x div by) + (x mod by) is x again: undoes a reshape by its inverse. */
  #recombine(constant: number, coefs: Map<Atom, number>): Index {
    for (const [atom, coef] of coefs) {
      if (atom.kind !== "mod" || coef === 0) continue;
      const div = this.#atoms.get(`d${atom.arg.id},${atom.by}`);
      if (div === undefined || coefs.get(div) !== coef * atom.by) continue;
      coefs.delete(atom);
      coefs.delete(div);
      const rest = this.#sum(constant, coefs);
      return this.add(rest, this.mul(atom.arg, coef));
    }
    return this.#sum(constant, coefs);
  }

  /** Splits x into by·q + r, where r gathers the terms that `by` does not divide. */
  #split(x: Index, by: number): { quotient: Index; rest: Index } {
    const multiple = new Map<Atom, number>();
    const rest = new Map<Atom, number>();
    for (const { atom, coef } of x.terms) {
      if (coef % by === 0) multiple.set(atom, coef / by);
      else rest.set(atom, coef);
    }
    const low = ((x.constant % by) + by) % by;
    return { quotient: this.#sum((x.constant - low) / by, multiple), rest: this.#sum(low, rest) };
  }

  /** Floor of x / by, for by > 0. */
  div(x: Index, by: number): Index {
    if (by === 1) return x;
    const { quotient, rest } = this.#split(x, by);
    if (rest.min >= 0 && rest.max < by) return quotient;
    // (a·f + r) div (b·f) = a div b when 0 <= r < f, for a common factor f of the large coefficients.
    const factor = this.#commonFactor(rest, by);
    if (factor > 1) {
      const inner = this.#split(rest, factor);
      if (inner.rest.min >= 0 && inner.rest.max < factor)
        return this.add(quotient, this.div(inner.quotient, by / factor));
    }
    // (x div a) div by = x div (a·by)
    if (rest.constant === 0 && rest.terms.length === 1) {
      const { atom, coef } = rest.terms[0]!;
      if (coef === 1 && atom.kind === "div") return this.add(quotient, this.div(atom.arg, atom.by * by));
    }
    const atom = this.#atom(`d${rest.id},${by}`, (id) => {
      return {
        kind: "div",
        id,
        arg: rest,
        by,
        min: Math.floor(rest.min / by),
        max: Math.floor(rest.max / by),
      };
    });
    return this.add(quotient, this.#sum(0, new Map([[atom, 1]])));
  }

  /** x - by·floor(x / by), for by > 0. */
  mod(x: Index, by: number): Index {
    if (by === 1) return this.constant(0);
    const { rest } = this.#split(x, by);
    if (rest.min >= 0 && rest.max < by) return rest;
    const factor = this.#commonFactor(rest, by);
    if (factor > 1) {
      const inner = this.#split(rest, factor);
      if (inner.rest.min >= 0 && inner.rest.max < factor) {
        return this.add(this.mul(this.mod(inner.quotient, by / factor), factor), inner.rest);
      }
    }
    const atom = this.#atom(`m${rest.id},${by}`, (id) => ({
      kind: "mod",
      id,
      arg: rest,
      by,
      min: 0,
      max: by - 1,
    }));
    return this.#sum(0, new Map([[atom, 1]]));
  }

  /** The largest divisor of `by` that divides some coefficient and leaves a small remainder. */
  #commonFactor(x: Index, by: number): number {
    let best = 1;
    for (const { coef } of x.terms) {
      const f = gcd(Math.abs(coef), by);
      if (f > best && f < by) best = f;
    }
    return best;
  }

  /** Replaces loop variables; whatever depends on them is rebuilt, so it may simplify further. */
  substitute(x: Index, replace: ReadonlyMap<LoopVar, Index>, values: (e: Expr) => Expr): Index {
    const parts: (Index | undefined)[] = [];
    let same = true;
    for (const { atom } of x.terms) {
      let part: Index | undefined;
      if (atom.kind === "var") part = replace.get(atom.variable);
      else if (atom.kind === "value") {
        const value = values(atom.value);
        if (value !== atom.value) part = this.value(value, atom.min, atom.max);
      } else {
        const arg = this.substitute(atom.arg, replace, values);
        if (arg !== atom.arg) part = atom.kind === "div" ? this.div(arg, atom.by) : this.mod(arg, atom.by);
      }
      same &&= part === undefined;
      parts.push(part);
    }
    if (same) return x;
    return this.combine(
      x.constant,
      parts.map((part, i) => part ?? this.#sum(0, new Map([[x.terms[i]!.atom, 1]]))),
      x.terms.map(({ coef }) => coef),
    );
  }
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** Calls `visit` for every atom in an index expression, outer ones before inner ones. */
export function visitAtoms(x: Index, visit: (atom: Atom) => void): void {
  for (const { atom } of x.terms) {
    visit(atom);
    if (atom.kind === "div" || atom.kind === "mod") visitAtoms(atom.arg, visit);
  }
}
