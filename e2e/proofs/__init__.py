"""What the shop promises when many come at once, when things arrive twice, and when it is killed on the way.

Real processes, real HTTP, PostgreSQL looked at from outside. No browser.
"""
