/** Instances that can be called: `initializer(shape)` as in Python. */

/**
 * Base of classes whose instances are functions. Calling an instance calls one of its methods.
 *
 * The call signature is added to the class by an interface of the same name:
 * `interface Initializer { (shape: Shape): Tensor }`.
 */
export abstract class Callable {
  /** @param method the name of the method that a call of the instance runs */
  constructor(method: string) {
    const self = (...args: unknown[]): unknown =>
      (self as unknown as Record<string, (...args: unknown[]) => unknown>)[method]!(...args);
    // A function's own `name` and `length` would stand in the way of fields of these names.
    Reflect.deleteProperty(self, "name");
    Reflect.deleteProperty(self, "length");
    // biome-ignore lint/correctness/noConstructorReturn: an instance that is a function can only be made this way
    return Object.setPrototypeOf(self, new.target.prototype) as this;
  }
}
