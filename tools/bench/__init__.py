"""Measurements, printed as multiples of an empty view in the same run: the machines are noisy, the ratios hold."""
