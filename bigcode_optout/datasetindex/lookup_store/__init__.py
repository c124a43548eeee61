"""The look-up store: the same repositories once more, packed for one owner at a time. See packing.py for its form."""
