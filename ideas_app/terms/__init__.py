"""The house's own texts in versions: privacy policy, terms of use, rules, accessibility."""
