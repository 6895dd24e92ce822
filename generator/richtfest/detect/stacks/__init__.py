"""The stacks that can be told, one module each, in the order in which they are asked about the same folder.

A module holds `find(tree, folder)`: the application of its stack in that folder, or None; and HABITS: what is usual in
it, for the report of what an application still lacks. A framework that brings its
own start comes before the language that it is written in, and what could be anything (pages, an image) comes last.
"""

from richtfest.detect.stacks import django, docker, dotnet, fastapi, golang, laravel, node, rails, spring, static

ALL = (rails, laravel, django, fastapi, spring, dotnet, golang, node, static, docker)
