"""Tests of what nobody may say."""
