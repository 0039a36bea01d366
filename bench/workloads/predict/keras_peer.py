"""Keras on one of its backends: model.predict with the networks of W2 and W3."""

import jax
import keras
import peer
from keras import Sequential, layers

size = peer.task["batchSize"]
mlp = Sequential(
    [
        layers.Input((784,)),
        layers.Dense(512, activation="relu"),
        layers.Dense(512, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
conv = Sequential(
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


def measure(name, model):
    model.set_weights([peer.array(f"{name}{i}") for i in range(6)])
    x = peer.array("x").reshape(-1, *model.input_shape[1:])
    return peer.measure_predictions(
        name,
        lambda: model.predict(x, batch_size=size, verbose=0),
        lambda: model.predict(x[:1], verbose=0),
    )


peer.answer(
    {**measure("mlp", mlp), **measure("conv", conv)},
    {"keras": keras.__version__, "jax": jax.__version__},
)
