"""Files for officials and the public."""
