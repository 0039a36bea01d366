"""Keras on one of its backends: model.fit of the mini GPT."""

import peer
from keras import Input, Model, layers, losses


class Positions(layers.Layer):
    """Adds to every place a vector of its own."""

    def build(self, shape):
        self.table = self.add_weight(name="table", shape=(64, 128), initializer="uniform")

    def call(self, x):
        return x + self.table


inputs = Input((64,), dtype="int32")
x = Positions()(layers.Embedding(1000, 128)(inputs))
for _ in range(2):
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(4, 32)(x, x, use_causal_mask=True))
    hidden = layers.Dense(512, activation="relu")(x)
    x = layers.LayerNormalization()(x + layers.Dense(128)(hidden))
model = Model(inputs, layers.Dense(1000)(x))
peer.train_keras(model, losses.SparseCategoricalCrossentropy(from_logits=True))
