"""The steps by which the tables of the records came to be; run at open by `healthtwin.store.migration`."""
