"""PyTorch: products of square matrices."""

import torch

import peer

torch.set_num_threads(peer.task["threads"])


def prepare(a, b):
    left, right = torch.from_numpy(a), torch.from_numpy(b)
    return lambda: left @ right


peer.answer(peer.measure_products(prepare), {"torch": torch.__version__})
