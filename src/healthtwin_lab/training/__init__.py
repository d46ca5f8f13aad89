"""How the forecast models are made: tables from recordings, members, stacking, calibration. Extra `train`."""
