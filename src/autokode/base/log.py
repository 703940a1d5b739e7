"""The one logger of the library. Who uses it decides where its messages go; none of them holds text of an interview."""

import logging

log = logging.getLogger("autokode")
log.addHandler(logging.NullHandler())
