/** What the compiler knows of the machine that a program will run on. */

/** The machine as inner loops see it. */
export interface Target {
  /** Whether a product is added to a sum by one instruction. */
  readonly fused: boolean;
  /** Sums that the host keeps in vector registers beside the operands of a tile; with more it starts to spill. */
  readonly sums: number;
}

/** A plain machine. */
export const plainTarget: Target = { fused: false, sums: 8 };

/** A register tile: rows of so many vectors of columns each. */
export interface TileShape {
  readonly rows: number;
  readonly vectors: number;
}

const [maxRows, maxVectors] = [6, 3];

/** Vector registers for a tile's sums and a row of the right side. Of sixteen, products and the left side take two. */
const registers = 14;

/** About the cycles that a tile takes for one term of its sums. */
function cycles({ fused }: Target, rows: number, vectors: number): number {
  const products = (rows * vectors) / (fused ? 2 : 1.5);
  // A sum waits four cycles for its last term; two operands are loaded in a cycle; the loop itself costs something.
  return Math.max(4, products, (rows + vectors) / 2) + 0.8;
}

/**
 * The shape of tiles that covers rows × columns soonest. How a sum is formed does not depend on it.
 *
 * @param columns in vectors
 */
export function tileShape(
  target: Target,
  rows: number,
  columns: number,
): TileShape & { readonly cost: number } {
  let best = { rows: 1, vectors: 1, cost: Number.POSITIVE_INFINITY };
  for (let r = 1; r <= Math.min(maxRows, rows); r++) {
    for (let v = 1; v <= Math.min(maxVectors, columns); v++) {
      if (r * v > target.sums || r * v + v > registers) continue;
      const [restRows, restColumns] = [rows % r, columns % v];
      const [down, across] = [Math.floor(rows / r), Math.floor(columns / v)];
      let cost = down * across * cycles(target, r, v);
      if (restRows > 0) cost += across * cycles(target, restRows, v);
      if (restColumns > 0) cost += down * cycles(target, r, restColumns);
      if (restRows > 0 && restColumns > 0) cost += cycles(target, restRows, restColumns);
      // Of shapes that are nearly as good the larger one reads its operands less often.
      if (cost <= best.cost * 1.001) best = { rows: r, vectors: v, cost };
    }
  }
  return best;
}
