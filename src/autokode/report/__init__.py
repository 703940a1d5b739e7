"""What a research report counts and chooses, without writing anything.

`material` says who spoke of what where, `together` which codes fall together, `grouping` which categories they may form,
`voices` what a theme book tells of each code. Plain functions; each result answers the next question and knows its places.
"""
