"""Public pages, kept ready-made and the same for everybody.

`middleware` answers or builds; `addresses` says what tells two pages apart; `pages` is what is
kept; `keeping` where; `rebuilding` who makes one anew; `desk` whom all of this passes by;
`watching` what ends a page's life.
"""
