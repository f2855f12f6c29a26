-- Feeds tile_event with whatever arrives in the log.
CREATE MATERIALIZED VIEW IF NOT EXISTS tile_event_feed TO tile_event AS
SELECT
    journey_id, tile, type, at, iteration, contact_id,
    JSONExtractUInt(detail, if(JSONHas(detail, 'call_id'), 'call_id', 'activity_id')) AS subject,
    JSONExtractString(detail, 'response') AS name
FROM interaction
WHERE journey_id != 0 AND type IN (
    'TriggerCrmWorkflowActivityContactProcessed', 'WorkflowCallSucceeded', 'ActivityContactProcessingFailed',
    'CreateCustomChannelActivityContactProcessed', 'CustomChannelResponse')
