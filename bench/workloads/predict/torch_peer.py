"""PyTorch: prediction with the networks of W2 and W3."""

import os
import sys

import torch

import peer

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(__file__))))
from convnet import torch_peer as convnet
from mlp import torch_peer as mlp

torch.set_num_threads(peer.task["threads"])
size = peer.task["batchSize"]


def measure(name, model, set_weights, shape):
    with torch.inference_mode():
        set_weights(model, [torch.from_numpy(peer.array(f"{name}{i}")) for i in range(6)])
        model.eval()
        x = torch.from_numpy(peer.array("x")).reshape(-1, *shape)

        def many():
            return torch.cat([torch.softmax(model(part), 1) for part in x.split(size)]).numpy()

        return peer.measure_predictions(name, many, lambda: torch.softmax(model(x[:1]), 1).numpy())


peer.answer(
    {
        **measure("mlp", mlp.make(), mlp.set_weights, (784,)),
        **measure("conv", convnet.Convnet(), convnet.set_weights, (28, 28, 1)),
    },
    {"torch": torch.__version__},
)
