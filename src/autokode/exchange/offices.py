"""The office of a transcript, as another program's file states it: as the value of a variable, or as the case that holds it."""

from autokode.corpus.codebook import folded
from autokode.exchange.kept_data import OFFICE
from autokode.exchange.package.contents import Document, Package

OFFICES = {"kontor", "office", "gruppe", "group", "arbeidsplass", "avdeling", "skole", "school"}
"""Names of variables whose value is the office of a transcript."""


def office_of(package: Package, document: Document) -> str:
    """The office of a document's transcript; "" if the file states none."""
    variables = {variable.guid: folded(variable.name) for variable in package.variables}
    holders = [case for case in package.cases if document.guid in case.documents]
    values = [*document.values, *(value for case in holders for value in case.values)]
    named = OFFICES if package.own is None else {folded(OFFICE)}  # others are variables in a file of autokode's
    stated = [value.text.strip() for value in values if variables.get(value.variable) in named]
    if stated and stated[0]:
        return stated[0]
    return holders[0].name if len(holders) == 1 else ""
