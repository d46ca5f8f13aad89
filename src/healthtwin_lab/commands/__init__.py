"""What `healthtwin NAME` runs: `NAME_app` in the module `NAME`, found by `healthtwin.cli.laboratory`."""
