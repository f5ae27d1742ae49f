"""One door for each outside library or machine; knows no feature."""
