// keras.layers against real Keras.
import { describe } from "vitest";
import { fixtureNames } from "./fixtures.ts";
import { testLayerFixture } from "./layer_fixture.ts";

describe.each(fixtureNames("layers"))("layers.%s", (name) => {
  testLayerFixture(name);
});
