"""Discussion below an idea."""
