/**
 * Makes one kernel of neighbouring ones that go through the same rows, if each round of the later one needs only what the
 * same round of the earlier one has made. A softmax finds the maximum of a row, its exponentials, their sum and the
 * quotients while the row lies in the first cache; there is one loop, and one barrier, in place of four.
 */
import {
  type Buffer,
  type Expr,
  type ExprTable,
  type Index,
  type Kernel,
  type LoopVar,
  type Step,
  type Stmt,
  visitAtoms,
} from "../loop_ir/index.ts";
import { coefficient, rewriteBody, visit } from "../loop_ir/transform.ts";
import { serial } from "../lower/nest.ts";

type For = Extract<Stmt, { kind: "for" }>;

/** How many statements a fused kernel may have: more would need more registers and longer functions than it is worth. */
const most = 60;
/** Longer rows do not stay in the first cache, and threads should rather share out the elements of few rows. */
const longest = 8192;

/** What a loop touches of a buffer in one round: elements from `stride · round` on, fewer than `stride`. */
interface Access {
  /** 0 if it is not so. */
  stride: number;
  written: boolean;
}

/** A kernel that is nothing but one loop over rows. */
interface Rows {
  readonly loop: For;
  readonly touched: ReadonlyMap<Buffer, Access>;
  readonly size: number;
}

/** The steps, with kernels fused where that is possible. */
export function fuseRows(t: ExprTable, steps: readonly Step[]): Step[] {
  const out: Step[] = [];
  let last: { kernel: Kernel; rows: Rows } | undefined;
  for (const step of steps) {
    const rows = step.kind === "kernel" ? rowsOf(t, step.kernel) : undefined;
    if (step.kind !== "kernel" || rows === undefined) last = undefined;
    else if (last !== undefined && fits(last.rows, rows)) {
      last = fuse(t, last, { kernel: step.kernel, rows });
      out[out.length - 1] = { kind: "kernel", kernel: last.kernel };
      continue;
    } else last = { kernel: step.kernel, rows };
    out.push(step);
  }
  return out;
}

function rowsOf(t: ExprTable, kernel: Kernel): Rows | undefined {
  const [loop, ...rest] = kernel.body;
  if (loop?.kind !== "for" || rest.length > 0 || kernel.scratch.length > 0) return undefined;
  // A loop without one inside goes through elements.
  if (!loop.parallel || loop.begin !== 0 || loop.step !== 1 || !loop.body.some((s) => s.kind === "for"))
    return undefined;
  const found = new Map<Buffer, Access>();
  const ranges = new Map<LoopVar, readonly [number, number]>();
  let size = 0;
  let barriers = false;
  const note = (buffer: Buffer, index: Index, lanes: number, written: boolean): void => {
    const stride = strideOf(t, index, loop.variable, lanes, ranges);
    const access = found.get(buffer);
    if (access === undefined) found.set(buffer, { stride, written });
    else {
      if (access.stride !== stride) access.stride = 0;
      access.written ||= written;
    }
  };
  const loads = (e: Expr): void => {
    visit(e, {
      expr(x) {
        if (x.kind === "load") note(x.buffer, x.index, x.lanes, false);
      },
    });
  };
  const walk = (stmts: readonly Stmt[]): void => {
    for (const s of stmts) {
      size++;
      if (s.kind === "barrier") barriers = true;
      else if (s.kind === "for") {
        const rounds = Math.max(0, Math.ceil((s.end - s.begin) / s.step) - 1);
        ranges.set(s.variable, [s.begin, s.begin + rounds * s.step]);
        walk(s.body);
      } else if (s.kind === "if") {
        loads(s.condition);
        walk(s.body);
      } else {
        loads(s.value);
        if (s.kind !== "store") continue;
        note(s.buffer, s.index, s.value.lanes, true);
        visitAtoms(s.index, (atom) => {
          if (atom.kind === "value") loads(atom.value);
        });
      }
    }
  };
  walk(loop.body);
  if (barriers) return undefined;
  return { loop, touched: found, size };
}

/** How far the elements of one round lie from those of the next, if no round reaches into those of another; else 0. */
function strideOf(
  t: ExprTable,
  index: Index,
  row: LoopVar,
  lanes: number,
  ranges: ReadonlyMap<LoopVar, readonly [number, number]>,
): number {
  const stride = coefficient(index, row);
  if (stride === undefined || stride <= 0) return 0;
  const rest = t.index.add(index, t.index.mul(t.index.variable(row), -stride));
  let [low, high] = [rest.constant, rest.constant + lanes - 1];
  for (const { atom, coef } of rest.terms) {
    const range = atom.kind === "var" ? ranges.get(atom.variable) : undefined;
    const [min, max] = range ?? [atom.min, atom.max];
    low += coef * (coef > 0 ? min : max);
    high += coef * (coef > 0 ? max : min);
  }
  return low >= 0 && high < stride ? stride : 0;
}

/** Whether the rounds of two loops may alternate, and have anything in common. */
function fits(a: Rows, b: Rows): boolean {
  if (a.loop.end !== b.loop.end || a.size + b.size > most) return false;
  let common = false;
  for (const [buffer, mine] of a.touched) {
    const other = b.touched.get(buffer);
    if (other === undefined) continue;
    common ||= buffer.size >= a.loop.end;
    if (Math.max(mine.stride, other.stride) > longest) return false;
    if ((mine.written || other.written) && (mine.stride === 0 || mine.stride !== other.stride)) return false;
  }
  return common;
}

function fuse(
  t: ExprTable,
  a: { readonly kernel: Kernel; readonly rows: Rows },
  b: { readonly kernel: Kernel; readonly rows: Rows },
): { kernel: Kernel; rows: Rows } {
  const { loop } = a.rows;
  // A row is for one thread: its parts are not done one after the other on several.
  const variables = new Map([[b.rows.loop.variable, t.index.variable(loop.variable)]]);
  const body = serial([...loop.body, ...rewriteBody(t, b.rows.loop.body, { variables })]);
  const fused: For = { ...loop, body };
  const kernel: Kernel = {
    name: `${a.kernel.name}; ${b.kernel.name}`,
    body: [fused],
    reads: [...new Set([...a.kernel.reads, ...b.kernel.reads])],
    writes: [...new Set([...a.kernel.writes, ...b.kernel.writes])],
    scratch: [],
    ...(a.kernel.source && {
      source: {
        ...a.kernel.source,
        operations: a.kernel.source.operations + (b.kernel.source?.operations ?? 0),
      },
    }),
  };
  const touched = new Map(a.rows.touched);
  for (const [buffer, other] of b.rows.touched) {
    const mine = touched.get(buffer);
    touched.set(buffer, {
      stride: mine === undefined || mine.stride === other.stride ? other.stride : 0,
      written: other.written || (mine?.written ?? false),
    });
  }
  return { kernel, rows: { loop: fused, touched, size: a.rows.size + b.rows.size } };
}
