"""The shop: its products, prices, orders and what customers ask of them."""
