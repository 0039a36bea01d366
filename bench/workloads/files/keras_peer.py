"""Keras: a model of 100 MB saved and loaded."""

import os
import statistics
import tempfile

import keras
import peer
import numpy as np

task = peer.task
model = keras.Sequential([keras.Input((task["inputs"],))])
for _ in range(task["layerCount"]):
    model.add(keras.layers.Dense(task["units"]))
with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "large.keras")
    model.save(file)
    saves = [peer.timed(lambda: model.save(file))[0] for _ in range(5)]
    runs = [peer.timed(lambda: keras.saving.load_model(file)) for _ in range(5)]
loaded = runs[-1][1]
check = max(float(np.max(np.abs(a - b))) for a, b in zip(model.get_weights(), loaded.get_weights()))
peer.answer(
    {
        "saveMs": statistics.median(saves),
        "loadMs": statistics.median([ms for ms, _ in runs]),
        "check": check,
    },
    {"keras": keras.__version__},
)
