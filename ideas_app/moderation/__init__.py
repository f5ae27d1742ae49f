"""The desk: decisions on ideas, flags, appeals, families."""
