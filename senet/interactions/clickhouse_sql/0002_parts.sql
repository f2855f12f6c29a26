-- A part is a dozen files, not two a column, until it is big: shipping a batch then makes a tenth of the files.
-- What a merge has replaced stays for eight minutes, until the disk has the merged part (chDB alone would delete it at
-- once): days that PostgreSQL no longer has survive a power cut.
ALTER TABLE interaction MODIFY SETTING min_bytes_for_wide_part = 268435456, old_parts_lifetime = 480
