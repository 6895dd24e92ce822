"""Releases without downtime on one server: two colours of the application behind one edge.

`deploy.py` tells the story of a release; every other module is one idea that the story needs.
"""
