"""Owns every message: receive what came in, one door out, deliver, close, rate."""
