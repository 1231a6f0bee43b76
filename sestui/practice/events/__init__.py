"""Events of sent mail: what they look like, and how they reach SNS, EventBridge and the others."""
