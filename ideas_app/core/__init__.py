"""What every feature stands on; knows neither a Flask request nor any feature."""
