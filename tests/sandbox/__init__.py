"""What tests do to the sandbox beyond what the wheel needs: more faults, and an author who changes posts."""
