"""The merchant's shop: products, stock, offers, orders, parcels, from its own tables or from the platform it runs on."""
