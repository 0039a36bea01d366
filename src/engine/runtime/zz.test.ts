import { test } from "vitest";
import { add, concatenate, grad, jit, loop, matmul, sin, type Tensor, tensor, Variable } from "../index.ts";

const time = (name: string, f: () => unknown): void => {
  const t = performance.now();
  let r: unknown;
  try {
    r = f();
  } catch (e) {
    r = (e as Error).stack?.slice(0, 600);
  }
  console.log(name, (performance.now() - t).toFixed(0), "ms", r);
};
test("x", () => {
  for (const n of [1000, 4000, 10000]) {
    time(`adds ${n}`, () =>
      jit((x: Tensor) => {
        let y = x;
        for (let i = 0; i < n; i++) y = y.add(x.multiply(i));
        return y;
      })(tensor([1, 2])).arraySync(),
    );
    time(`sins ${n}`, () =>
      jit((x: Tensor) => {
        let y = x;
        for (let i = 0; i < n; i++) y = sin(y);
        return y;
      })(tensor([1, 2], { dtype: "float32" })).arraySync(),
    );
    time(`views ${n}`, () =>
      jit((x: Tensor) => {
        let y = x;
        for (let i = 0; i < n; i++) y = i % 2 ? y.at([null, null, -1]) : y.reshape(4, 3).T.reshape(12);
        return y;
      })(tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])).arraySync(),
    );
    time(`independent ${n}`, () =>
      jit((x: Tensor) => Array.from({ length: n }, (_, i) => x.add(i)).at(-1)!)(tensor([1, 2])).arraySync(),
    );
    time(`outputs ${n / 10}`, () =>
      jit((x: Tensor) => Array.from({ length: n / 10 }, (_, i) => sin(x.multiply(i))))(
        tensor([1, 2], { dtype: "float32" }),
      )
        .at(-1)!
        .arraySync(),
    );
  }
  time(`mats 300`, () =>
    jit((x: Tensor) => {
      let y = x;
      for (let i = 0; i < 300; i++) y = matmul(y, x).multiply(0.1);
      return y;
    })(
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        { dtype: "float32" },
      ),
    ).arraySync(),
  );
  time(`grad mats 200`, () =>
    jit((x: Tensor) =>
      grad((z: Tensor) => {
        let y = z;
        for (let i = 0; i < 200; i++) y = sin(matmul(y, z).multiply(0.1));
        return y.sum();
      })(x),
    )(
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        { dtype: "float32" },
      ),
    ).arraySync(),
  );
  const vs = Array.from({ length: 300 }, (_, i) => new Variable([i, i], "float32"));
  time(`300 variables`, () => {
    const f = jit(() => {
      for (const v of vs) v.assign(v.value.multiply(0.5).add(1));
    });
    f();
    return vs[299]!.value.arraySync();
  });
  time(`300 variables in a loop`, () => {
    const f = jit(() => {
      loop(3, [], () => {
        for (const v of vs) v.assign(v.value.multiply(0.5).add(1));
        return [];
      });
    });
    f();
    return vs[299]!.value.arraySync();
  });
});
