"""Rehearsals: a drawn journey, run by the real engine on a virtual clock, with people who open and click by a model.

Comes in: a journey as it is drawn now, its audience, and what is assumed of its readers. Goes out: a report of the flow
through every tile, day by day. Nothing is sent and nothing live is written: the engine works on temporary tables of a
session that PostgreSQL holds to reading (stage.py). Table: rehearsal. Processes: worker (jobs), `senet rehearse`.
"""
