"""Models of the merchant's choice that search better than the embedded encoder, and what happens when they are away."""
