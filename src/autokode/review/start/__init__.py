"""«Mine prosjekter»: the page from which projects are made and opened, and the one server that shows it and them.

Imports what the room above does.
"""
