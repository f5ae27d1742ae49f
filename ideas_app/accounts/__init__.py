"""People who sign in: accounts, roles, sessions, consents, mail proofs."""
