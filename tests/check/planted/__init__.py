"""Correct pages in every format, and defects to plant in them, as people make them.

`defects/<rule>.toml` says what is planted and what must be found then; `defects.py` reads it, and
describes the fields. `places.toml` names where things stand in a sample. `around.py` has the
defects of a page around a sample; `documents.py` and `formats.py` make the pages; `cases.py`
plants each defect in each kind of sample and each format that it is for.
"""
