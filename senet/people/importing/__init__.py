"""From a CSV file to contacts: read and check the file, clean its columns, load it in chunks, report what was refused.

file → mapping → cleaning → load, driven by run; rejected writes the report. Every chunk is one short transaction that
also moves the run's own counters, so a killed import goes on exactly where it stopped.
"""
