"""Where the EU's VAT holds, day by day. Facts of law, so they are code and not a merchant's table.

Sources: Directive 2006/112/EC, Art. 5 to 7 (member states, excluded territories, Monaco), as
amended by Directives 2013/61/EU and (EU) 2019/475; the accession treaty of Croatia; the withdrawal
agreement with the United Kingdom, Art. 126, and its protocol on Northern Ireland, Art. 8.
"""

import re
from datetime import date

_DIRECTIVE = date(2007, 1, 1)  # the day it came into force; Bulgaria and Romania joined that day
MEMBERS = {
    **dict.fromkeys(
        "AT BE BG CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(),  # noqa: SIM905
        _DIRECTIVE,
    ),
    "HR": date(2013, 7, 1),
}
UNITED_KINGDOM_LEFT = date(2021, 1, 1)  # the transition period ended the day before
NORTHERN_IRELAND = "XI"  # for goods it stays in the union's VAT area

# Art. 6: parts of member states where the directive does not apply, by the postcodes they alone
# have. Their post is French, Spanish, … but what is sent there leaves the VAT area.
EXCLUDED = {
    "DE": r"27498|78266",  # Heligoland, Büsingen
    "ES": r"(35|38|51|52)\d{3}",  # Canary Islands: Las Palmas, Tenerife; Ceuta; Melilla
    "FI": r"22\d{3}",  # Åland Islands
    "FR": r"97\d{3}|98[4-8]\d{2}",  # overseas departments and territories; 98000 is Monaco
    "GR": r"63086",  # Mount Athos
    "IT": r"23041|22061",  # Livigno, Campione d'Italia
}


def vat_state(country: str, postcode: str, *, on: date) -> str | None:
    """The member state whose VAT holds at a place (ISO code, or XI); None outside the VAT area.

    The state of GB before it left is GB.
    """
    code = re.sub(r"[^0-9A-Z]", "", postcode.upper())
    if country == "MC":
        return "FR"  # Art. 7: to be treated as France
    if country == "GB":
        if on < UNITED_KINGDOM_LEFT:
            return "GB"
        return NORTHERN_IRELAND if code.startswith("BT") else None
    if country not in MEMBERS or on < MEMBERS[country]:
        return None
    if country in EXCLUDED and re.fullmatch(EXCLUDED[country], code):
        return None
    return country


def country_of(state: str) -> str:
    """The country (ISO code) under which a state's VAT rates are kept."""
    return "GB" if state == NORTHERN_IRELAND else state
