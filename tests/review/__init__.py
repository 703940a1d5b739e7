"""Tests of the review page: by address, in a browser, and as a user starts it."""
