"""The demo shop: what it sells and says, and how its pages are built. `seed_demo` puts it together."""
