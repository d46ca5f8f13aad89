"""The gateway: one running house, and everything that is checked before a reading is believed."""
