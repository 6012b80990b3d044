"""Brings in what platforms and ERPs export: files read by a mapping that is guessed, corrected and remembered, and lists sent as JSON."""
