"""How long everything about people is kept, and the register of what was destroyed.

Must not know the tables of other rooms: each gives its periods itself in its `retention`.
"""
