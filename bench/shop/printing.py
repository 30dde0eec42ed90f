"""`python -m bench.shop.printing 15`: seconds for one invoice, WeasyPrint's alone and ours."""

import json
import sys

import django

django.setup()

from invoices.issuing import issue_invoice  # noqa: E402
from invoices.tests.factories import AT, bill, seller  # noqa: E402
from invoices.tests.timing import seconds  # noqa: E402

seller()
print(json.dumps(seconds(issue_invoice(bill(), at=AT), repeats=int(sys.argv[1]))))
