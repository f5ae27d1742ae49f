"""The opinion map: where people stand to one another by what they said of ideas, and which groups show.

Must not know rounds or answers, and never keeps what could tell who said what.
"""
