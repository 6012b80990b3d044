"""Language models behind one contract: providers, limits, the circuit breaker and the grounded prompt."""
