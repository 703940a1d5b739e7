"""The screens of a project beside those on which it is read: one module each, with the addresses that show it and act for it.

Imports what the room above does; a screen imports no other.
"""

from flask import Blueprint

from autokode.review.screens import (
    agreement,
    codebook,
    coders,
    correcting,
    errands,
    guide,
    incoming,
    interviews,
    listening,
    memos,
    missing,
    names,
    proposals,
    removal,
    report,
    rest,
    search,
    settings,
    standing,
    suggestions,
    survey,
    taking_in,
    variables,
    versions,
)

SCREENS: tuple[Blueprint, ...] = (
    agreement.blueprint,
    codebook.blueprint,
    coders.blueprint,
    correcting.blueprint,
    errands.blueprint,
    guide.blueprint,
    incoming.blueprint,
    interviews.blueprint,
    listening.blueprint,
    memos.blueprint,
    missing.blueprint,
    names.blueprint,
    proposals.blueprint,
    removal.blueprint,
    report.blueprint,
    rest.blueprint,
    search.blueprint,
    settings.blueprint,
    standing.blueprint,
    suggestions.blueprint,
    survey.blueprint,
    taking_in.blueprint,
    variables.blueprint,
    versions.blueprint,
)
"""The screens' blueprints. A screen with an entry in the menu is named there too."""
