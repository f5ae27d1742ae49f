"""The house's duties towards personal data: what goes when its time is over, the register of what went, and the
monthly check of who looked at whose data.
"""
