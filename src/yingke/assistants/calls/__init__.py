"""What calls a person to the conversation though no rule knows the words."""
