"""What people promised customers, until it is done."""
