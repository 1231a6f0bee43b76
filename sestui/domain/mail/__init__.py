"""The test mail: what is typed, what SES would refuse, and the four formats of the workshop.

`form` is what is typed, `build` makes a `Message` of it or says what is wrong and where; the rules
of each part are beside it: `headers`, `raw`, `template`, `tags`, `attachment`.
"""
