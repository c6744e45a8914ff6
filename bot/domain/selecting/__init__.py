"""Which posts are shared: the plan of a look, and the filters."""
