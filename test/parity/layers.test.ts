// keras.layers against real Keras.
import { describe } from "vitest";
import { fixtureNames } from "./fixtures.ts";
import { testLayerFixture } from "./layer_fixture.ts";

for (const name of fixtureNames("layers")) describe(`layers.${name}`, () => testLayerFixture(name));
