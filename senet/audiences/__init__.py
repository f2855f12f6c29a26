"""Who is meant: segments, static and dynamic, and the subscription lists that people join and leave by themselves.

In: contacts, companies and custom columns from `people`; a segment's definition as a tree. Out: membership, kept true
by set difference, and the log of who came and went, which journeys and insights follow.
Tables: segment, segment_member, subscription_list, list_member, membership_change. Process: app (API, worker).
"""
