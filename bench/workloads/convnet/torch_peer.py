"""PyTorch: the convnet, in a training loop by hand."""

import torch
from torch import nn

import peer


class Convnet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.dense = nn.Linear(1600, 10)

    def forward(self, x):
        x = x.permute(0, 3, 1, 2)
        x = nn.functional.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = nn.functional.max_pool2d(torch.relu(self.conv2(x)), 2)
        # The channels last, as Keras flattens, so that the same weights give the same losses.
        x = x.permute(0, 2, 3, 1).flatten(1)
        return self.dense(nn.functional.dropout(x, 0.5, self.training))


def set_weights(model, weights):
    k1, b1, k2, b2, w, b = weights
    model.conv1.weight.copy_(k1.permute(3, 2, 0, 1))
    model.conv1.bias.copy_(b1)
    model.conv2.weight.copy_(k2.permute(3, 2, 0, 1))
    model.conv2.bias.copy_(b2)
    model.dense.weight.copy_(w.T)
    model.dense.bias.copy_(b)


if __name__ == "__main__":
    x, t = peer.array("x"), peer.array("t").astype("int64")
    peer.train_torch(Convnet, set_weights, nn.functional.cross_entropy, x, t)
