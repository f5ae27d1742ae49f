"""Published campaigns as data: bundles with definitions, licence and digest, and the yearly archive.

Must not know anybody: only what every visitor may read goes into a file.
"""
