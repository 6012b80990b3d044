"""Tests of the model room: providers, call limits, prompt, masking of what leaves."""
