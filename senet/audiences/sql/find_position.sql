-- Say how far the logs are settled: every transaction below it has ended. Reads: the running transactions.
SELECT senet_horizon()
