"""Flask glue: access, errors, languages, sessions; knows no feature's rules."""
