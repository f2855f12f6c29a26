"""Integrations: what Senet asks of the outside on a journey's behalf, and what the outside answers.

Comes in: cohorts from run-workflow tiles. Goes out: signed HTTP calls, and calls of registered Python functions, at
least once each and outside any transaction; what fails for good is a recovery item.
Tables: workflow, workflow_call, workflow_attempt. Processes: worker (`caller.Caller`), app (API).
"""
