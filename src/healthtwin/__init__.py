"""healthtwin: a self-hosted personal health twin.

A phone's readings go in, a person's own normal is learned, trouble is seen early, and the right people
hear about it, with the evidence. Research and wellness software; not a medical device.
"""

__version__ = "0.1.0"
