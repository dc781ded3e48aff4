"""The only places that change fairs, visits and what follows from them."""
