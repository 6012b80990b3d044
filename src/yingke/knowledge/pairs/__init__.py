"""Pairs made from documents, agents and gaps: proposed, looked at by a person, live, retired."""
