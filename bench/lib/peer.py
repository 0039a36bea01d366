"""What the contestants in Python share: their task, the course of a training, the answer."""

import json
import os
import resource
import sys
import time

import numpy as np

_folder = sys.argv[1]
with open(os.path.join(_folder, "task.json"), encoding="utf8") as file:
    task = json.load(file)

# Libraries that size their pools by the cores see as many as they may use. Before they are imported.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: task["threads"]])


def array(name):
    """An array that the bench left for this process."""
    described = task["arrays"][name]
    path = os.path.join(_folder, f"{name}.bin")
    return np.fromfile(path, dtype=described["dtype"]).reshape(described["shape"])


def weights():
    """The initial weights, in the order of Keras's get_weights."""
    return [array(name) for name in sorted(task["arrays"]) if name[0] == "w" and name[1:].isdigit()]


def timed(work):
    """Milliseconds that work takes, and what it returns."""
    start = time.perf_counter()
    value = work()
    return 1000 * (time.perf_counter() - start), value


def peak_mb():
    """The most memory that this process has had resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def answer(figures, versions):
    """Tells the bench."""
    print(json.dumps({"figures": {"peakMb": peak_mb(), **figures}, "versions": versions}), flush=True)


def train_keras(model, loss, transform=lambda t: t):
    """Trains a Keras model with fit: warm up, measure, check."""
    import keras

    backend = keras.backend.backend()
    if backend == "torch":
        import torch

        torch.set_num_threads(task["threads"])
    x, t = array("x"), transform(array("t"))
    model.compile(optimizer=keras.optimizers.Adam(task["learningRate"]), loss=loss)
    model.set_weights(weights())
    size, few, some = task["batchSize"], task["batchSize"] * task["warmUpBatches"], task["checkCount"]
    options = {"batch_size": size, "epochs": 1, "shuffle": False, "verbose": 0}
    warm_up_ms, warm_up = timed(lambda: model.fit(x[:few], t[:few], **options))
    model.fit(x[: 4 * size], t[: 4 * size], **options)
    ms, history = timed(lambda: model.fit(x, t, **options))
    memory = peak_mb()
    model.set_weights(weights())
    check = model.evaluate(x[:some], t[:some], verbose=0)
    figures = {
        "warmUpMs": warm_up_ms,
        "warmUpLoss": warm_up.history["loss"][0],
        "samplesPerSecond": 1000 * len(x) / ms,
        "lastLoss": history.history["loss"][0],
        "checkLoss": check,
        "peakMb": memory,
    }
    versions = {"keras": keras.__version__}
    if backend == "torch":
        versions["torch"] = torch.__version__
    else:
        import jax

        versions["jax"] = jax.__version__
    answer(figures, versions)


def train_torch(make, set_weights, loss, x, t):
    """Trains a PyTorch module with a loop by hand: warm up, measure, check."""
    import torch

    torch.set_num_threads(task["threads"])
    x, t = torch.from_numpy(x), torch.from_numpy(t)
    size, some = task["batchSize"], task["checkCount"]
    model = make()
    with torch.no_grad():
        set_weights(model, [torch.from_numpy(w) for w in weights()])
        model.eval()
        check = loss(model(x[:some]), t[:some]).item()
        model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=task["learningRate"], eps=1e-7)

    def train(batches):
        total = 0.0
        for i in range(batches):
            rows = slice(i * size, (i + 1) * size)
            optimizer.zero_grad(set_to_none=True)
            value = loss(model(x[rows]), t[rows])
            value.backward()
            optimizer.step()
            total += value.item()
        return total / batches

    warm_up_ms, warm_up = timed(lambda: train(task["warmUpBatches"]))
    batches = len(x) // size
    train(min(4, batches))
    ms, value = timed(lambda: train(batches))
    figures = {
        "warmUpMs": warm_up_ms,
        "warmUpLoss": warm_up,
        "samplesPerSecond": 1000 * batches * size / ms,
        "lastLoss": value,
        "checkLoss": check,
    }
    answer(figures, {"torch": torch.__version__})


def measure_predictions(name, many, one):
    """Figures of one network: many samples in batches, and one alone."""
    probabilities = many()
    rates = [len(probabilities) / timed(many)[0] for _ in range(3)]
    one()
    times = []
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        times.append(timed(one)[0])
    return {
        f"{name}PerSecond": 1000 * sorted(rates)[1],
        f"{name}Check": float(probabilities[0, 0]),
        f"{name}SingleMs": sorted(times)[len(times) // 2],
    }


def measure_products(prepare):
    """GFLOP/s of square products; prepare gives the function that computes one."""
    figures = {}
    for n in task["sizes"]:
        a, b = array(f"a{n}"), array(f"b{n}")
        multiply = prepare(a, b)
        if not np.allclose(multiply(), a @ b, atol=1e-3):
            raise ValueError(f"the product of {n} x {n} is wrong")
        times = []
        end = time.perf_counter() + 0.5
        while len(times) < 5 or time.perf_counter() < end:
            times.append(timed(multiply)[0])
        figures[f"gflops{n}"] = 2 * n**3 / sorted(times)[len(times) // 2] / 1e6
    return figures
