"""The Site port over httpx: discovery, the gap-free walk, reading one post, images."""
