"""Keras on one of its backends: model.fit of the convnet."""

import peer
from keras import Sequential, layers

model = Sequential(
    [
        layers.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]
)
peer.train_keras(model, "sparse_categorical_crossentropy")
