"""Integrations: what Senet asks of the outside on a journey's behalf, and what the outside answers.

Comes in: cohorts from run-workflow and custom-channel tiles; responses that partners post. Goes out: signed HTTP calls,
and calls of registered Python functions, at least once each and outside any transaction; what fails for good is a
recovery item. Channel activities that partners fetch; responses as interactions.
Tables: workflow, workflow_call, workflow_attempt, channel, channel_activity, channel_response. Processes: worker
(`caller.Caller`), app (API).
"""
