"""Our side of Google's APIs: who we are there, and the few calls of a night."""
