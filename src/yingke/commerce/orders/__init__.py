"""Orders: whose they are, who may see one, where its parcels are, and which talk belongs to which."""
