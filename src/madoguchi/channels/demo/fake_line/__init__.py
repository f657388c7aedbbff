"""A strict stand-in for the LINE Platform on this machine; standard library only.

It refuses what the real one refuses (``rules``), keeps a ledger of everything asked and sent, sends
signed webhooks, and fails on command (``faults``). ``server.start`` is the door.
"""
