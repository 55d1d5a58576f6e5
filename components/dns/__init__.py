"""Private DNS zones and the networks that resolve through them."""
