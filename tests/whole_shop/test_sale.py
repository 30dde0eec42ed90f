"""The whole sale, by the people who take part in it, in a browser and through every process."""

import csv
import io
import re
from email.message import EmailMessage

import pikepdf
from playwright.sync_api import expect

from tests.fixtures.whole_shop import Shop

from .people import Person, buy


def test_from_an_editors_draft_to_an_invoice_in_the_mail(shop_processes: Shop, person) -> None:
    publish_a_product_page(person(), title="Sakura sencha", sku="SAKURA-50", price="11.50")
    shopper = person()
    number = buy(shopper, "/tea/green/sakura-sencha/", email="ada@example.com")

    expect(shopper.page.get_by_text("Thank you")).to_be_visible()
    mail = shop_processes.mails.wait_for(lambda mail: has_pdf(mail) and number in str(mail))
    assert mail["To"] == "ada@example.com"
    assert_is_the_invoice(mail, number, total="€16.40")

    staff = person()
    staff.signs_in("staff")
    row = exported_order(staff, number)
    assert (row["State"], row["E-mail"], row["Total"]) == ("Paid", "ada@example.com", "16.40")


def test_the_sale_works_without_javascript(shop_processes: Shop, person) -> None:
    shopper = person(script=False)

    number = buy(shopper, "/tea/black/assam/", email="grace@example.com")

    expect(shopper.page.get_by_text("Thank you")).to_be_visible()
    shop_processes.mails.wait_for(lambda mail: has_pdf(mail) and number in str(mail))


def publish_a_product_page(editor: Person, *, title: str, sku: str, price: str) -> None:
    """One flow: words, the product with its variant in the chooser's dialog, publish."""
    page = editor.page
    editor.signs_in("editor")
    page.goto(f"{editor.shop.url}/admin/pages/add/products/productpage/{green_tea(editor.shop)}/")
    page.get_by_placeholder("Page title").fill(title)
    page.get_by_role("button", name="Choose or create a product").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="New product").click()
    dialog.locator("[name=name]").fill(title)
    dialog.locator("[name=variants-0-sku]").fill(sku)
    dialog.locator("[name=variants-0-price]").fill(price)
    dialog.locator("[name=variants-0-weight_grams]").fill("50")
    dialog.locator("[name=variants-0-opening_stock]").fill("10")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("textbox", name="Summary").fill("Green tea with salted cherry leaves.")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("link", name="View live")).to_be_visible()


def exported_order(staff: Person, number: str) -> dict[str, str]:
    """The row of an order in the CSV that staff download from the filtered list."""
    page = staff.page
    page.get_by_role("link", name="Orders").first.click()
    page.goto(f"{page.url.split('?')[0]}?q={number}")
    expect(page.get_by_text(number).first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Number"] for row in rows] == [number]
    return rows[0]


def has_pdf(mail: EmailMessage) -> bool:
    return any(part.get_content_type() == "application/pdf" for part in mail.iter_attachments())


def assert_is_the_invoice(mail: EmailMessage, order_number: str, *, total: str) -> None:
    (attachment,) = mail.iter_attachments()
    assert attachment.get_filename().endswith(".pdf")
    with pikepdf.open(io.BytesIO(attachment.get_content())) as document:
        assert len(document.pages) == 1
    text = mail.get_body(("plain",)).get_content()
    assert order_number in text
    assert total in text


def green_tea(shop: Shop) -> str:
    """The id of the category page an editor would click her way to."""
    command = "from products.models import CategoryPage as C; print(C.objects.get(slug='green').pk)"
    return shop.manage("shell", "--no-imports", "-c", command).split()[-1]
