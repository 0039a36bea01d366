/** What the editor offers. */
import { expect, test } from "vitest";
import { complete } from "./complete.ts";

class Base {
  run(): void {}
}
class Model extends Base {
  fit(): void {}
  get secret(): never {
    throw new Error("Completing must not run anybody's code.");
  }
}
const source = {
  global: { model: new Model(), np: { linspace: () => 0, pi: 3 } },
  declared: ["model", "np"],
  modules: { tsuno: { Sequential: Model }, "tsuno/layers": {} },
};
const labels = (text: string): string[] => complete(text, source).options.map(({ label }) => label);

test("members of living objects, inherited ones too, without reading accessors", () => {
  expect(labels("await model.f")).toEqual(["fit", "secret", "run"]);
  expect(complete("np.li", source).from).toBe(3);
  expect(complete("np.", source).options[0]).toEqual({ label: "linspace", kind: "function" });
  expect(labels("model.secret.")).toEqual([]);
  expect(labels("nothing.here")).toEqual([]);
});

test("names that are declared, words of the language, exports of modules", () => {
  expect(labels("mo")).toContain("model");
  expect(labels("awa")).toContain("await");
  expect(complete("new Seq", source).options.at(-1)).toEqual({
    label: "Sequential",
    kind: "class",
    detail: "tsuno",
  });
});

test("modules after from", () => {
  expect(complete('import {} from "tsu', source)).toEqual({
    from: 16,
    options: [
      { label: "tsuno", kind: "namespace" },
      { label: "tsuno/layers", kind: "namespace" },
    ],
  });
});
