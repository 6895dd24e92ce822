"""A fleet: the repositories that a consultancy or a company has made, looked at and updated together.

`listing` reads which there are, `checkout` has each one on this machine, `look` says what state it is in, `update`
prepares its update as a branch, `request` publishes that, and `crew` does such work for many at the same time.
"""
