"""PyTorch: the multilayer perceptron, in a training loop by hand."""

from torch import nn

import peer


def make():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


def set_weights(model, weights):
    for layer, (kernel, bias) in zip(model[::2], zip(weights[::2], weights[1::2])):
        layer.weight.copy_(kernel.T)
        layer.bias.copy_(bias)


if __name__ == "__main__":
    x, t = peer.array("x"), peer.array("t").astype("int64")
    peer.train_torch(make, set_weights, nn.functional.cross_entropy, x, t)
