"""Connected shops: added, tested, mirrored, asked live, heard, and taken away."""
