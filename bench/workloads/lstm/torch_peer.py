"""PyTorch: the LSTM, in a training loop by hand."""

import torch
from torch import nn

import peer


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10_000, 64)
        self.lstm = nn.LSTM(64, 64, batch_first=True)
        self.lstm.bias_hh_l0.requires_grad_(False)  # Keras has one bias
        self.dense = nn.Linear(64, 1)

    def forward(self, x):
        _, (h, _) = self.lstm(self.embedding(x))
        return self.dense(h[0])


def set_weights(model, weights):
    table, kernel, recurrent, bias, w, b = weights
    model.embedding.weight.copy_(table)
    model.lstm.weight_ih_l0.copy_(kernel.T)
    model.lstm.weight_hh_l0.copy_(recurrent.T)
    model.lstm.bias_ih_l0.copy_(bias)
    model.lstm.bias_hh_l0.zero_()
    model.dense.weight.copy_(w.T)
    model.dense.bias.copy_(b)


if __name__ == "__main__":
    x, t = peer.array("x"), peer.array("t")
    peer.train_torch(Classifier, set_weights, nn.functional.binary_cross_entropy_with_logits, x, t)
