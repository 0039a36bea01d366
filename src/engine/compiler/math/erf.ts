/** The error function and its inverse. */
import type { Expr } from "../loop_ir/index.ts";
import { exp } from "./exp.ts";
import { log } from "./log.ts";
import type { Coefficients, Ops } from "./ops.ts";

/** erf x / x in x² for |x| <= 1, error below 2^-29 and 2^-80. */
const erfNear: Coefficients = {
  float32: [1.1283791, -0.37612626, 0.112835854, -0.026853813, 0.0051883277, -0.00080101937, 7.853861e-5],
  float64: [
    1.1283791670955126, -0.37612638903183754, 0.11283791670955126, -0.026866170645131252,
    0.005223977625442175, -0.0008548327023449497, 0.00012055332981694495, -1.4925650353787857e-5,
    1.6462114205797817e-6, -1.63658406482183e-7, 1.4807117719667572e-8, -1.2289529419305472e-9,
    9.412558590280722e-11, -6.639294878774033e-12, 4.11730939659549e-13, -1.746609196290386e-14,
  ],
};

/**
 * Beyond: float32: log(1 - erf a) in a for 0.95 <= a <= 4, error of erf below 2^-29. float64: (1 - erf a)·exp(a²) in
 * (a - 2.5) / (a + 2.5) for 1 <= a <= 6.1, error of erf below 2^-65.
 */
const erfFar: Coefficients = {
  float32: [-0.0002565175, -1.1274258, -0.6376006, -0.103566386, 0.022051744, -0.0029994745, 0.0001914971],
  float64: [
    0.2108063640611436, -0.37173673394897333, 0.25171319321744934, -0.12503305237882922, 0.03992253907558298,
    -0.0039937011658675355, -0.0026423659642069667, 0.0008759154505181072, 0.00022838037667136527,
    -0.00012887717964956162, -3.418220827873326e-5, 1.8614558624538573e-5, 7.552374865434757e-6,
    -2.2988037208136953e-6, -1.8011679061015023e-6, 8.023983726746349e-8, 3.4290101724522876e-7,
    6.590426451277367e-8,
  ],
};

/** erf x; at most 2.5 ulp off. */
export function erf(o: Ops, x: Expr): Expr {
  const a = o.abs(x);
  const near = o.mul(a, o.poly(o.mul(a, a), erfNear));
  let far: Expr;
  if (o.type === "float32") {
    far = o.sub(1, exp(o, o.poly(o.fmin(a, 4), erfFar)));
  } else {
    const b = o.fmin(a, 6.1);
    const factor = o.poly(o.div(o.sub(b, 2.5), o.add(b, 2.5)), erfFar);
    far = o.sub(1, o.mul(exp(o, o.neg(o.mul(b, b))), factor));
  }
  return o.withSign(o.select(o.lt(a, 1), near, far), o.signBit(x));
}

/** An interval of w = -log(1 - x²): the inverse's ratio to x as a polynomial in w or √w, less a centre. */
interface Piece {
  /** Where it ends. */
  readonly end: number;
  readonly root: boolean;
  readonly centre: number;
  readonly coefficients: readonly number[];
}

/** Relative errors below 2^-26 and 2^-57. */
const pieces: { readonly float32: readonly Piece[]; readonly float64: readonly Piece[] } = {
  float32: [
    {
      end: 5,
      root: false,
      centre: 2.5,
      coefficients: [
        1.5014094, 0.24664028, -0.004177387, -0.0012527419, 0.00021834446, -4.963342e-6, -3.4627108e-6,
        4.661689e-7, 2.3233104e-8, -8.790905e-9,
      ],
    },
    {
      end: Number.POSITIVE_INFINITY,
      root: true,
      centre: 3,
      coefficients: [
        2.8329768, 1.0016749, 0.009445191, -0.007636956, 0.005687816, -0.003598987, 0.0014828363,
        -5.3758067e-5, -0.00030773357, 0.000113632195,
      ],
    },
  ],
  float64: [
    {
      end: 6,
      root: false,
      centre: 3,
      coefficients: [
        1.6235420064648298, 0.2416304041661583, -0.005738135221005623, -0.0008361817769094964,
        0.00019506132441192065, -1.2716422638199853e-5, -1.7480020929896479e-6, 4.499854247615572e-7,
        -2.368873021118504e-8, -5.46717846812532e-9, 1.110799899853498e-9, -3.1425785137828936e-11,
        -1.732952481239926e-11, 2.6990332675037463e-12, 6.449389855187577e-15, -5.294269265981523e-14,
        6.293734713664432e-15, 2.7567170138166896e-16, -1.5731123503391272e-16, 1.2748590953505598e-17,
        1.656890207032649e-18, -3.8601923770048088e-19, 5.994957162219303e-21, 4.228319647114425e-21,
        -2.990450243272769e-22,
      ],
    },
    {
      end: 16,
      root: true,
      centre: 3.25,
      coefficients: [
        3.0838856104922208, 1.0052589676941652, 0.005370914553554992, -0.003751208508215204,
        0.00249144209796227, -0.0016882755358112612, 0.0009532893413762106, -0.0003550378074501271,
        2.40315164423904e-5, 6.828705639858246e-5, -4.732071529085525e-5, 1.2465381794150045e-5,
        2.932779944258965e-6, -3.986992262045311e-6, 1.4808630746618897e-6, -2.4659120583517806e-8,
        -2.438070247541057e-7, 1.2741250302031632e-7, -2.3300554589516308e-8, -1.2006585828984551e-8,
        9.563829862877794e-9, -1.1179114803691892e-9, -6.371730720563232e-10,
      ],
    },
    {
      end: Number.POSITIVE_INFINITY,
      root: true,
      centre: 5,
      coefficients: [
        4.849906401408584, 1.0103004648645448, -0.0001387193183799028, -0.00021503011980158386,
        7.599527808947485e-5, -1.968177115086335e-5, 4.526052609566589e-6, -9.930258822847387e-7,
        2.290523434486961e-7, -6.757092604030236e-8, 2.902015678189252e-8, -1.5218652172177797e-8,
        7.818618202422285e-9, -3.5258314643934126e-9, 1.3190759162870244e-9, -3.890065650839472e-10,
        6.773812227760345e-11, 1.918648806785227e-11, -1.9936303526205392e-11, 4.865063956452332e-12,
      ],
    },
  ],
};

/** The inverse of erf, with the form of its approximation due to M. Giles (2010); at most 4 ulp off. */
export function erfInv(o: Ops, x: Expr): Expr {
  const a = o.abs(x);
  const w = o.neg(log(o, o.mul(o.sub(1, a), o.add(1, a))));
  const root = o.sqrt(w);
  let ratio: Expr | undefined;
  for (const { end, root: inRoot, centre, coefficients } of pieces[o.type].toReversed()) {
    const p = o.poly(o.sub(inRoot ? root : w, centre), { float32: coefficients, float64: coefficients });
    ratio = ratio === undefined ? p : o.select(o.lt(w, end), p, ratio);
  }
  const y = o.select(o.eq(a, 1), Number.POSITIVE_INFINITY, o.mul(a, ratio!));
  return o.withSign(y, o.signBit(x));
}
