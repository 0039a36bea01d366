"""NumPy: products of square matrices."""

import numpy as np

import peer

peer.answer(peer.measure_products(lambda a, b: lambda: a @ b), {"numpy": np.__version__})
