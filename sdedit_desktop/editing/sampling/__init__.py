"""What makes candidates from a request: networks, latent models and photographs.

Needs torch, so only the engine imports it, on the worker's thread.
"""
