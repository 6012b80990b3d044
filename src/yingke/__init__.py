"""Yingke 迎客: AI-first customer service for e-commerce."""

import os

# Left alone, the BLAS inside numpy takes every core and spins there; it reads this when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
