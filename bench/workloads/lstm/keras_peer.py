"""Keras on one of its backends: model.fit of the LSTM."""

import peer
from keras import Sequential, layers

model = Sequential(
    [
        layers.Input((80,), dtype="int32"),
        layers.Embedding(10_000, 64),
        layers.LSTM(64),
        layers.Dense(1, activation="sigmoid"),
    ]
)
peer.train_keras(model, "binary_crossentropy")
