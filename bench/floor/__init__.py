"""The reference points: what a bare Flask application can do on the same server, with nothing of ours in it."""
