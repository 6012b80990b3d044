"""What something costs: offers in their order, each step a line, to the cent."""
