-- Make the tables that only a rehearsal has: who takes part, and what they will do and when.
-- Reads: nothing. Writes: nothing that outlives the session. Locks: none that others see.
CREATE TEMPORARY TABLE person (contact_id bigint PRIMARY KEY);
CREATE TEMPORARY TABLE reaction (  -- what people do with messages, decided when a message leaves
    at timestamptz NOT NULL, type text NOT NULL, contact_id bigint NOT NULL, iteration int NOT NULL, tile int NOT NULL,
    message_id bigint, link smallint,
    heard boolean NOT NULL         -- whether anybody acts on it: a rule that asks about it, or the subscription centre
);
CREATE INDEX reaction_due ON reaction (at) WHERE heard;
