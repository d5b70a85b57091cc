"""Samplers make candidates from a request: networks, latent models and photographs.

They need torch, so only the engine imports them, on the worker thread.
"""
