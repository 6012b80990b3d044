"""What makes the encoder's vectors and the words of shoppers fit each other better."""
