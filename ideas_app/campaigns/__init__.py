"""Campaigns: phases, what is open when, who may take part, and the rules as settings."""
