"""What lies around an event destination of SES: topics, keys, rules, streams, roles, dimensions.

`form` has what is typed for one destination of any kind, judges and plans it; the rest is one
module for each kind. Nothing is imported here: the wizard's first frame needs none of it.
"""
