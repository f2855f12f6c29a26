"""Journeys: who stands where in which drawn graph, and who moves on next.

Comes in: drawn journeys from the API; members from the audiences; interactions that if/then tiles wait for. Goes out:
visits, activities, and cohorts that email tiles hand to the messages room. Every engine function takes `now`.
Tables: journey, journey_version, journey_template, iteration, milestone, activity_template, activity, visit, enrolment,
split_share, ab_message, open_hour, zone_open_hour, open_hour_position, first_interaction, engine_position, entry,
resumption; the view departure.
Processes: app (API), worker (`engine.tick`).
"""
