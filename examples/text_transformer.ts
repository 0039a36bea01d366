// Which of two words comes first? Keras's "Text classification with Transformer", with sentences made up here.
import {
  Input,
  type KerasTensor,
  layers,
  Model,
  np,
  ops,
  optimizers,
  random,
  type Tensor,
  utils,
} from "tsuno";

utils.setRandomSeed(1);

// Data: rows of numbered words; the label says whether word 1 comes somewhere before word 2.
const [samples, maxLength, vocabulary, embedDim, heads] = [1200, 10, 12, 16, 2];
const rows = random.randint([samples, maxLength], 3, vocabulary).arraySync() as number[][];
const places = random.randint([samples, 2], 0, maxLength).arraySync() as number[][];
const labels = rows.map((row, n) => {
  const [first, second] = places[n]!;
  row[second!] = 2;
  row[first!] = 1;
  return Number(first! < second!);
});
const [x, y] = [np.array(rows), np.array(labels)];

class TransformerBlock extends layers.Layer {
  readonly attention = new layers.MultiHeadAttention(heads, embedDim);
  readonly norm1 = new layers.LayerNormalization({ epsilon: 1e-6 });
  readonly norm2 = new layers.LayerNormalization({ epsilon: 1e-6 });
  readonly inner = new layers.Dense(32, { activation: "relu" });
  readonly outer = new layers.Dense(embedDim);
  readonly dropout1 = new layers.Dropout(0.1);
  readonly dropout2 = new layers.Dropout(0.1);

  override call(inputs: Tensor, { training }: layers.CallArguments): Tensor {
    const attended = this.dropout1(this.attention(inputs, inputs), { training });
    const out1 = this.norm1(inputs.add(attended));
    const out2 = this.dropout2(this.outer(this.inner(out1)), { training });
    return this.norm2(out1.add(out2));
  }
}

class TokenAndPositionEmbedding extends layers.Layer {
  readonly tokens = new layers.Embedding(vocabulary, embedDim);
  readonly positions = new layers.Embedding(maxLength, embedDim);

  override call(x: Tensor): Tensor {
    return this.tokens(x).add(this.positions(ops.arange(maxLength)));
  }
}

const inputs = Input([maxLength], { dtype: "int32" });
let h: KerasTensor = new TokenAndPositionEmbedding()(inputs);
h = new TransformerBlock()(h);
h = new layers.GlobalAveragePooling1D()(h);
h = new layers.Dropout(0.1)(h);
h = new layers.Dense(20, { activation: "relu" })(h);
const model = new Model({ inputs, outputs: new layers.Dense(2, { activation: "softmax" })(h) });
model.compile({
  optimizer: new optimizers.Adam({ learningRate: 0.01 }),
  loss: "sparse_categorical_crossentropy",
  metrics: ["accuracy"],
});
model.summary();
await model.fit(x.slice(0, 1000), y.slice(0, 1000), {
  batchSize: 32,
  epochs: 6,
  validationData: [x.slice(1000, samples), y.slice(1000, samples)],
  verbose: 2,
});
const [, accuracy] = await model.evaluate(x.slice(1000, samples), y.slice(1000, samples), { verbose: 0 });
console.log(`Validation accuracy: ${accuracy!.toFixed(3)}`);
