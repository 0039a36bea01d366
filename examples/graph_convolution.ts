// Which group does someone belong to? Keras's "Node Classification with Graph Neural Networks", from few known members.
import { layers, losses, Model, np, ops, optimizers, random, type Tensor, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: people of three groups. Friends are mostly of one's own group; what is known of each person says little.
const [nodes, groups, features] = [150, 3, 8];
const group = np
  .arange(nodes)
  .astype("float32")
  .divide(nodes / groups)
  .astype("int32");
const same = np.equal(group.reshape(-1, 1), group.reshape(1, -1));
const chance = random.uniform([nodes, nodes]);
const upper = np.triu(np.less(chance, np.where(same, 0.12, 0.01)).astype("float32"), { k: 1 });
const adjacency = upper.add(np.transpose(upper)).add(np.eye(nodes));
const degree = np.sum(adjacency, { axis: 1 });
// Kipf and Welling's normalization: D^-1/2 A D^-1/2.
const scale = np.divide(1, np.sqrt(degree));
const normalized = adjacency.multiply(scale.reshape(-1, 1)).multiply(scale.reshape(1, -1));
const hint = ops.oneHot(group, features).multiply(0.5);
const x = random.normal([nodes, features]).add(hint);
console.log(`${nodes} people, ${np.sum(upper).item()} friendships`);

/** Each person gets the mean of what the friends have, through a dense layer. */
class GraphConvolution extends layers.Layer {
  readonly dense: layers.Dense;

  constructor(units: number, options: layers.DenseOptions = {}) {
    super();
    this.dense = new layers.Dense(units, options);
  }

  override call([x, graph]: [Tensor, Tensor]): Tensor {
    return this.dense(ops.matmul(graph, x));
  }
}

/** Called on numbers of people: all of the graph is computed, and the rows that are asked for are given. */
class GNN extends Model {
  readonly hidden = new GraphConvolution(16, { activation: "relu" });
  readonly dropout = new layers.Dropout(0.3);
  readonly out = new GraphConvolution(groups);
  readonly #graph: Tensor;

  constructor(graph: Tensor) {
    super();
    this.#graph = graph;
  }

  override call(people: Tensor, { training }: layers.CallArguments): Tensor {
    const hidden = this.dropout(this.hidden([x, this.#graph]), { training });
    return ops.take(this.out([hidden, this.#graph]), people, { axis: 0 });
  }
}

// The groups of five people of each are known, those of the others are to be found.
const isKnown = (person: number): boolean => person % (nodes / groups) < 5;
const known = np.array(Array.from({ length: nodes }, (_, n) => n).filter(isKnown));
const unknown = np.array(Array.from({ length: nodes }, (_, n) => n).filter((n) => !isKnown(n)));
const loss = new losses.SparseCategoricalCrossentropy({ fromLogits: true });

const train = async (graph: Tensor): Promise<number> => {
  const model = new GNN(graph);
  model.compile({
    optimizer: new optimizers.Adam({ learningRate: 0.02, weightDecay: 5e-4 }),
    loss,
    metrics: ["accuracy"],
  });
  await model.fit(known, np.take(group, known), { batchSize: 15, epochs: 60, verbose: 0 });
  const [, accuracy] = await model.evaluate(unknown, np.take(group, unknown), { verbose: 0 });
  return accuracy!;
};
console.log(`accuracy without friends: ${(await train(np.eye(nodes))).toFixed(3)}`);
console.log(`accuracy with friends: ${(await train(normalized)).toFixed(3)}`);
