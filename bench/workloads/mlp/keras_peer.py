"""Keras on one of its backends: model.fit of the multilayer perceptron."""

import peer
from keras import Sequential, layers

model = Sequential(
    [
        layers.Input((784,)),
        layers.Dense(512, activation="relu"),
        layers.Dense(512, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
peer.train_keras(model, "sparse_categorical_crossentropy")
