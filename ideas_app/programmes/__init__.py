"""The centre's programmes and who took part: records, tallies, roster imports."""
