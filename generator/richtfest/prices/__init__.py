"""What a repository costs: dated prices of the clouds, the bill of one repository, and a way to read today's prices."""
