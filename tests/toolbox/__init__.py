"""The toolbox: brings every real tool that a suite needs onto this machine, and says plainly what it cannot bring.

`python3 -m tests.toolbox` prepares everything, `--suite NAME` what one suite needs, `NAME...` single tools.
What is already installed in a sufficient version is used as it is; the rest goes into a cache outside the
checkout (`~/.cache/richtfest/toolbox`, or where RICHTFEST_TOOLBOX says). Standard library only, so that it runs
before there is any virtual environment.
"""
