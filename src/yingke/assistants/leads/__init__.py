"""Who of those that left how to reach them is likely to buy, for the people who sell."""
