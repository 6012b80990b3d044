"""What of their own purchase people write about, heard where no rule knows the words."""
