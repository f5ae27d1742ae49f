"""Rights over one's own data: download, correction, deletion, requests with a clock.

Must not know what the other rooms keep: each says so itself in its `personal`.
"""
