"""The use cases: collect, deliver, reconcile, share by hand, and the pass over everything."""
