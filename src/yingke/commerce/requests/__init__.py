"""What customers ask the shop to do with an order: checked by rules, approved where it must be, done exactly once."""
