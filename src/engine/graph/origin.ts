/**
 * Where nodes come from, for people who look at programs: the layer, or the part of training, that was at work when a
 * node was made. It has no influence on what is computed.
 */

/** A layer or a part of the training, and what its gradient is called. */
export interface Origin {
  readonly name: string;
  /** That of nodes which the gradients of this one's nodes are made of; made when it is first asked for. */
  gradient: Origin | undefined;
}

let current: Origin | undefined;

/** What is at work now. */
export function currentOrigin(): Origin | undefined {
  return current;
}

/** Says what is at work from now on; gives what was before. */
export function setOrigin(origin: Origin | undefined): Origin | undefined {
  const before = current;
  current = origin;
  return before;
}

/** Runs a function whose nodes come from `name`, inside of what is at work already. */
export function withOrigin<R>(name: string, fn: () => R): R {
  const outer = current;
  current = { name: outer === undefined ? name : `${outer.name}/${name}`, gradient: undefined };
  try {
    return fn();
  } finally {
    current = outer;
  }
}

/** The origin of what belongs to the gradient of nodes of an origin. */
export function gradientOrigin(origin: Origin | undefined): Origin | undefined {
  if (origin === undefined) return undefined;
  origin.gradient ??= { name: `${origin.name} (gradient)`, gradient: undefined };
  return origin.gradient;
}
