"""The soak: the real daemon killed at random moments for a thousand posts; nothing twice, nothing lost. `make soak`."""
