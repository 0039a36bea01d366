"""PyTorch: the mini GPT, in a training loop by hand."""

import torch
from torch import nn

import peer

CONTEXT, WIDTH, HEADS, EPSILON = 64, 128, 4, 1e-3


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.projection = nn.Linear(WIDTH, 3 * WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.dense1 = nn.Linear(WIDTH, 4 * WIDTH)
        self.dense2 = nn.Linear(4 * WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, x):
        n, length, _ = x.shape
        parts = self.projection(x).view(n, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        attended = nn.functional.scaled_dot_product_attention(*parts, is_causal=True)
        x = self.norm1(x + self.output(attended.transpose(1, 2).reshape(n, length, WIDTH)))
        return self.norm2(x + self.dense2(torch.relu(self.dense1(x))))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(1000, WIDTH)
        self.positions = nn.Parameter(torch.empty(CONTEXT, WIDTH))
        self.blocks = nn.Sequential(Block(), Block())
        self.head = nn.Linear(WIDTH, 1000)

    def forward(self, x):
        return self.head(self.blocks(self.tokens(x) + self.positions))


def set_weights(model, weights):
    rest = iter(weights)

    def linear(layer):
        layer.weight.copy_(next(rest).T)
        layer.bias.copy_(next(rest))

    def norm(layer):
        layer.weight.copy_(next(rest))
        layer.bias.copy_(next(rest))

    model.tokens.weight.copy_(next(rest))
    model.positions.copy_(next(rest))
    for block in model.blocks:
        for part in range(3):
            rows = slice(part * WIDTH, (part + 1) * WIDTH)
            block.projection.weight[rows].copy_(next(rest).reshape(WIDTH, WIDTH).T)
            block.projection.bias[rows].copy_(next(rest).reshape(WIDTH))
        block.output.weight.copy_(next(rest).reshape(WIDTH, WIDTH).T)
        block.output.bias.copy_(next(rest))
        norm(block.norm1)
        linear(block.dense1)
        linear(block.dense2)
        norm(block.norm2)
    linear(model.head)


def loss(logits, t):
    return nn.functional.cross_entropy(logits.flatten(0, 1), t.flatten())


if __name__ == "__main__":
    peer.train_torch(Gpt, set_weights, loss, peer.array("x"), peer.array("t").astype("int64"))
