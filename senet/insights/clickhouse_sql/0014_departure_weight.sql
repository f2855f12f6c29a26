-- A departure counts once; a stop that was undone counts once for and, later, once against.
ALTER TABLE visit_departure ADD COLUMN IF NOT EXISTS weight Int8 DEFAULT 1
