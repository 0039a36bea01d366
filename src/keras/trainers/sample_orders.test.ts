// The orders are those of SplitMix32 and Fisher and Yates's shuffle as a few lines of Python give them.
import { expect, test } from "vitest";
import { SplitMix32 } from "../random/split_mix.ts";
import { SampleOrders } from "./sample_orders.ts";

test("SplitMix32 gives its numbers", () => {
  const random = new SplitMix32(1337);
  expect([random.next(), random.next(), random.next()]).toEqual([1225747897, 1829388979, 3226345298]);
});

test("each epoch goes on from the order of the last one, however many are drawn at once", () => {
  const expected = [
    [1, 2, 0, 3, 4],
    [4, 0, 1, 3, 2],
    [3, 0, 1, 4, 2],
  ];
  const orders = new SampleOrders(5, true);
  orders.restore({ seed: 7, epochs: 0 });
  orders.draw(3);
  expect((orders.tensor.arraySync() as number[][]).slice(0, 3)).toEqual(expected);
  orders.restore({ seed: 7, epochs: 1 });
  orders.draw(1);
  expect((orders.tensor.arraySync() as number[][])[0]).toEqual(expected[1]);
  expect([...(orders.next() as Int32Array)]).toEqual(expected[2]);
  orders.dispose();
});

test("without shuffling every epoch takes the samples as they come", () => {
  const orders = new SampleOrders(3, false);
  orders.draw(2);
  const rows = orders.tensor.arraySync() as number[][];
  expect(rows).toHaveLength(1024);
  expect(new Set(rows.map(String))).toEqual(new Set(["0,1,2"]));
  orders.dispose();
});
