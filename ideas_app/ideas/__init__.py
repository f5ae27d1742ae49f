"""The idea and its life: drafts, submission, versions, states, families."""
