"""MoneyField in a real Django project: its migrations, queries, forms, fixtures and admin, on SQLite and on PostgreSQL."""

import ast
import io
import json
import operator
import sys
import textwrap
from pathlib import Path

import pytest

from cuadre import Money, errors

APP = """
from django.contrib import admin
from django.db import models
from cuadre import Money
from cuadre.contrib.django import MoneyField


class Priced(models.Model):
    price = MoneyField()

    class Meta:
        abstract = True


class Order(Priced):
    tip = MoneyField("propina", currency="PEN", locale="es-PE", null=True, blank=True)
    fee = MoneyField(currency="COP", locale="es-CO", default=Money(0, "COP"), blank=True)

    class Meta:
        ordering = ["id"]


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE)
    cost = MoneyField(null=True)


class Gift(Order):
    wrapping = MoneyField(currency="PEN", default=Money(1, "PEN"))


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["price", "get_price_display", "get_tip_display", "get_fee_display"]
"""
URLS = "from django.contrib import admin\nfrom django.urls import path\nurlpatterns = [path('admin/', admin.site.urls)]\n"

LARGEST, SMALLEST = 2**63 - 1, -(2**63)
PRICES = [
    Money.from_minor(LARGEST, "COP"),
    Money.from_minor(SMALLEST, "COP"),
    Money("0.10", "USD"),
    Money("0.20", "USD"),
    Money(-3, "CLP"),
]
TIPS = [None, Money("1.50", "PEN"), Money.from_minor(LARGEST, "PEN"), None, Money("-0.01", "PEN")]


def documented():
    """The model of the module's docstring, and the statements beneath it."""
    import cuadre.contrib

    source = Path(cuadre.contrib.__file__).with_name("django.py").read_text()
    block = (ast.get_docstring(ast.parse(source)) or "").split("::\n\n", 1)[1].split("\n\n* ", 1)[0]
    model, statements = textwrap.dedent(block).split("\n\n")
    return f"\n\n{model}\n", statements.splitlines()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project of one app, in this process; its migration is made by makemigrations."""
    import postgresql_server

    folder = tmp_path_factory.mktemp("project")
    app = APP + documented()[0]
    for name, text in {
        "shop/__init__.py": "",
        "shop/migrations/__init__.py": "",
        "shop/models.py": app,
        "urls.py": URLS,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    sys.path.insert(0, str(folder))
    import django
    from django.conf import settings

    databases = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    if postgresql_server.programs():
        databases["server"] = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "postgres",
            "USER": "cuadre",
            "HOST": "set below",
        }
    apps = ["admin", "auth", "contenttypes", "sessions", "messages"]
    middleware = [
        "sessions.middleware.SessionMiddleware",
        "auth.middleware.AuthenticationMiddleware",
        "messages.middleware.MessageMiddleware",
    ]
    processors = ["django.template.context_processors.request"]
    processors += [f"django.contrib.{name}.context_processors.{name}" for name in ("auth", "messages")]
    settings.configure(
        SECRET_KEY="tests",
        ALLOWED_HOSTS=["testserver"],
        DATABASES=databases,
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in apps), "shop"],
        MIDDLEWARE=[f"django.contrib.{name}" for name in middleware],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": processors},
            }
        ],
        ROOT_URLCONF="urls",
        STATIC_URL="static/",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    command("makemigrations", "shop")
    command("migrate")
    yield folder
    from django.db import connections

    connections.close_all()
    sys.path.remove(str(folder))


def command(name, *words, **options):
    from django.core.management import call_command

    output = io.StringIO()
    call_command(name, *words, stdout=output, verbosity=1, **options)
    return output.getvalue()


@pytest.fixture(params=["default", "server"])
def orders(request, project):
    """The orders of a database that holds the prices and tips."""
    from django.db import connections
    from shop.models import Order

    alias = request.param
    if alias == "server":
        socket = request.getfixturevalue("postgresql")
        connections[alias].settings_dict["HOST"] = socket
        command("migrate", database=alias)
    found = Order.objects.using(alias)
    found.all().delete()
    for i, (price, tip) in enumerate(zip(PRICES, TIPS, strict=True)):
        found.create(id=i + 1, price=price, tip=tip)
    yield found
    connections[alias].close() if alias == "server" else None


def ids(found):
    return {order.id - 1 for order in found}


def test_migrations_hold_plain_columns_and_are_stable(project):
    text = (project / "shop/migrations/0001_initial.py").read_text()
    assert "cuadre" not in text and "price_minor" in text and "tip_currency" not in text
    assert "No changes detected" in command("makemigrations", "shop", check=True)
    assert "no issues" in command("check")


def test_the_docstring_is_true(project):
    from django.db.models import Sum
    from shop.models import Sale

    names = {"Sale": Sale, "Money": Money, "Sum": Sum}
    shown = [eval(line, names) for line in documented()[1]]
    created, cheap, totals, updated = shown
    assert list(cheap) == [] and created.tip == Money(1, "PEN")  # dearer since
    assert (list(totals), updated) == ([{"price_currency": "PEN", "total_minor": 500}], 1)
    assert list(Sale.objects.values_list("price", "tip")) == [(("PEN", 500), Money(1, "PEN"))]
    created.refresh_from_db(fields=["price_minor"])
    assert created.price == Money(5, "PEN")
    assert Sale.objects.bulk_create([Sale(price=Money(7, "COP"))])[0].price == Sale.objects.get(price=Money(7, "COP")).price


def test_every_amount_comes_back(orders):
    assert [order.price for order in orders.all()] == PRICES
    assert [order.tip for order in orders.all()] == TIPS
    order = orders.get(id=1)
    assert order.fee == Money(0, "COP")
    order.price, order.tip = Money(5, "PEN"), None
    order.save()
    order.refresh_from_db()
    assert order.price == Money(5, "PEN") and order.price_minor == 500 and order.price_currency == "PEN"
    assert list(orders.values_list("tip", flat=True).order_by("id"))[1] == TIPS[1]


@pytest.mark.parametrize(("name", "compare"), [("exact", "eq"), ("lt", "lt"), ("lte", "le"), ("gt", "gt"), ("gte", "ge")])
def test_lookups_stay_in_one_currency(orders, name, compare):
    compare = getattr(operator, compare)
    for wanted in [*PRICES, Money("0.15", "USD"), Money(0, "PEN")]:
        expected = {i for i, p in enumerate(PRICES) if p.currency == wanted.currency and compare(p, wanted)}
        assert ids(orders.filter(**{f"price__{name}": wanted})) == expected
        assert ids(orders.exclude(**{f"price__{name}": wanted})) == set(range(len(PRICES))) - expected
    for wanted in [Money("1.50", "PEN"), Money.from_minor(LARGEST, "PEN")]:
        assert ids(orders.filter(**{f"tip__{name}": wanted})) == {i for i, t in enumerate(TIPS) if t and compare(t, wanted)}


def test_in_null_and_other_fields(orders):
    from django.db.models import Exists, F, OuterRef
    from shop.models import Line

    assert ids(orders.filter(price__in=PRICES[:3])) == {0, 1, 2}
    assert ids(orders.filter(price__in=[])) == set()
    assert ids(orders.exclude(tip__in=[TIPS[1]])) == {0, 2, 3, 4}
    assert ids(orders.filter(tip__isnull=True)) == ids(orders.filter(tip=None)) == {0, 3}
    assert ids(orders.filter(price__isnull=False)) == set(range(5))
    lines = Line.objects.using(orders.db)
    for i, cost in ((1, Money(1, "COP")), (3, Money("0.10", "USD")), (4, None)):
        lines.create(order_id=i, cost=cost)
    assert [line.order_id for line in lines.filter(cost=F("order__price"))] == [3]
    assert [line.order_id for line in lines.filter(cost__lt=F("order__price"))] == [1]
    assert [line.order_id for line in lines.filter(order__price__lt=Money("0.15", "USD"))] == [3]
    same = lines.filter(order=OuterRef("pk"), cost=OuterRef("price"))
    assert ids(orders.filter(Exists(same))) == {2}
    assert {line.order_id for line in lines.exclude(cost=Money(1, "COP"))} == {3, 4}
    assert ids(orders.filter(line__cost=Money(1, "COP"))) == {0}
    assert ids(orders.filter(line__cost__isnull=True)) == {1, 3, 4}


def test_order_is_by_currency_then_amount(orders):
    ordered = sorted(PRICES, key=lambda money: (money.currency.code, money.amount_minor))
    assert [order.price for order in orders.order_by("price")] == ordered
    assert [order.price for order in orders.order_by("-price")] == ordered[::-1]
    assert [order.tip for order in orders.filter(tip__isnull=False).order_by("-tip")] == [TIPS[2], TIPS[1], TIPS[4]]


def test_aggregates(orders):
    from django.db.models import Avg, Max, Min, Sum

    totals = orders.order_by().values("price_currency").annotate(total_minor=Sum("price_minor"))
    assert {row["price_currency"]: row["total_minor"] for row in totals} == {"COP": -1, "USD": 30, "CLP": -3}
    few = orders.exclude(id=3)
    assert few.aggregate(s=Sum("tip"), low=Min("tip"), high=Max("tip")) == {
        "s": Money("1.49", "PEN"),
        "low": TIPS[4],
        "high": TIPS[1],
    }
    by_currency = few.order_by().values("price_currency").annotate(s=Sum("tip"))
    assert list(by_currency.filter(s__gt=Money(1, "PEN"))) == [{"price_currency": "COP", "s": TIPS[1]}]
    with pytest.raises(errors.FloatRefusedError, match="no whole number of minor units"):
        few.aggregate(Avg("tip"))
    if orders.db == "server":
        orders.create(id=9, price=PRICES[0], tip=TIPS[2])
        assert dict(orders.order_by().values_list("price_currency").annotate(Sum("price_minor")))["COP"] == LARGEST - 1
        with pytest.raises(errors.AmountOverflowError):
            orders.aggregate(Sum("tip"))


def test_updates_name_the_columns(orders):
    from django.core.exceptions import FieldError
    from shop.models import Order

    orders.filter(id=1).update(**Order.price.columns(Money(5, "PEN")), **Order.tip.columns(None))
    assert (orders.get(id=1).price, orders.get(id=1).tip) == (Money(5, "PEN"), None)
    with pytest.raises(FieldError, match=r"update\(\*\*Order.price.columns\(amount\)\)"):
        orders.update(price=Money(5, "PEN"))
    order, created = orders.get_or_create(price=Money(6, "PEN"), defaults={"id": 77, "tip": Money(1, "PEN")})
    assert created and orders.get_or_create(price=Money(6, "PEN")) == (order, False)


@pytest.mark.parametrize("value", [1.5, 5, True, "PEN 5.00", b"", ("PEN", 500)], ids=ascii)
def test_only_money_goes_in(project, value):
    from shop.models import Order

    with pytest.raises(errors.FloatRefusedError, match="price takes Money or None, not"):
        Order(price=value)
    with pytest.raises(errors.FloatRefusedError):
        Order.objects.filter(price__lt=value)
    with pytest.raises(errors.FloatRefusedError):
        Order.objects.filter(price__in=[value])


def test_other_refusals(project):
    from django.core.exceptions import FieldError, ValidationError
    from django.db import IntegrityError, transaction
    from django.db.models import F, Sum
    from shop.models import Order

    from cuadre.contrib.django import MoneyField

    with pytest.raises(errors.CurrencyMismatchError, match="tip is in PEN, not in COP"):
        Order(tip=Money(5, "COP"))
    with pytest.raises(errors.CurrencyMismatchError):
        Order.objects.filter(tip=Money(5, "COP"))
    with pytest.raises(FieldError, match="compare their columns"):
        list(Order.objects.filter(price=F("tip")))
    with pytest.raises(FieldError):
        Order.objects.filter(price__icontains=Money(5, "PEN"))
    with pytest.raises(ValueError, match="composite"):
        Order.objects.aggregate(Sum("price"))
    with pytest.raises(errors.AmountInvalidError, match="both set or both NULL"):
        _ = Order(price_minor=5).price
    with pytest.raises(IntegrityError), transaction.atomic():
        Order(tip=Money(5, "PEN")).save()
    with pytest.raises(ValidationError) as failed:
        Order().full_clean()
    assert list(failed.value.message_dict) == ["price"]
    for words, kind in (
        ({"currency": "XXY"}, errors.CurrencyUnknownError),
        ({"locale": "fr"}, errors.ArgumentInvalidError),
        ({"unique": True}, errors.ArgumentInvalidError),
        ({"default": 5}, errors.FloatRefusedError),
        ({"default": Money(5, "COP"), "currency": "PEN"}, errors.CurrencyMismatchError),
    ):
        with pytest.raises(kind):
            MoneyField(**words)


def test_deconstruct_makes_the_same_field(project):
    from shop.models import Order

    for field in (Order._meta.get_field(name) for name in ("price", "tip", "fee")):
        again = field.clone()
        assert (again.currency, again.locale, again.null, again.default) == (
            field.currency,
            field.locale,
            field.null,
            field.default,
        )
        assert again.deconstruct()[1:] == field.deconstruct()[1:]


def test_inherited_fields(orders):
    from shop.models import Gift

    gifts = Gift.objects.using(orders.db)
    gift = gifts.create(id=50, price=Money(5, "PEN"), tip=Money(1, "PEN"))
    found = gifts.get(price=Money(5, "PEN"), wrapping=Money(1, "PEN"))
    assert (found.price, found.tip, found.wrapping) == (gift.price, gift.tip, Money(1, "PEN"))
    assert [field.name for field in Gift._meta.local_fields] == ["order_ptr", "wrapping_minor"]
    assert [g.price for g in gifts.order_by("-price")] == [Money(5, "PEN")]


def test_fixtures(orders):
    from shop.models import Order

    text = command("dumpdata", "shop.order", database=orders.db)
    assert json.loads(text)[0]["fields"]["price_minor"] == LARGEST
    before = [(order.id, order.price, order.tip) for order in orders.all()]
    orders.all().delete()
    from django.core import serializers

    for item in serializers.deserialize("json", text, using=orders.db):
        item.save(using=orders.db)
    assert [(order.id, order.price, order.tip) for order in Order.objects.using(orders.db)] == before


def form_class():
    from django import forms
    from shop.models import Order

    class OrderForm(forms.ModelForm):
        class Meta:
            model = Order
            fields = ("price", "tip", "fee")

    return OrderForm


def test_a_form_reads_as_its_locale_writes(project):
    form = form_class()({"price": "USD 1.50", "tip": " S/ 1,234.50 ", "fee": "1.234"})
    assert form.is_valid(), form.errors
    order = form.save()
    order.refresh_from_db()
    assert (order.price, order.tip, order.fee) == (Money("1.50", "USD"), Money("1234.50", "PEN"), Money(1234, "COP"))
    assert (order.get_price_display(), order.get_tip_display()) == ("USD 1.50", Money("1234.50", "PEN").format("es-PE"))
    again = form_class()(instance=order)
    sent = {name: again[name].value() for name in again.fields}
    assert sent["fee"] == Money(1234, "COP").format("es-CO")
    unchanged = form_class()(sent, instance=order)
    assert unchanged.is_valid() and not unchanged.has_changed()
    emptied = form_class()({"price": "PEN 0.00", "tip": "", "fee": "0"}, instance=order)
    assert emptied.is_valid(), emptied.errors
    assert (emptied.save().tip, order.price) == (None, Money(0, "PEN"))


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("price", "", "required"),
        ("price", "1.50", "currency_unknown"),
        ("price", "XXY 1.50", "currency_unknown"),
        ("price", "PEN 1.501", "amount_inexact"),
        ("tip", "1.234,50", "amount_invalid"),
        ("tip", "<b>5", "amount_invalid"),
        ("tip", "USD 5.00", "currency_mismatch"),
        ("tip", "9" * 40, "amount_overflow"),
        ("fee", "1,234.50", "amount_invalid"),
        ("tip", "\ud800", "amount_invalid"),
        ("tip", "٣", "amount_invalid"),
    ],
)
def test_a_form_says_what_is_wrong(project, field, text, code):
    form = form_class()({"price": "PEN 1.00", "tip": "", "fee": "", field: text})
    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()[field]] == [code]
    assert form.errors[field][0]


def test_messages_of_a_form_can_be_ones_own(project):
    from django.core.exceptions import ValidationError

    from cuadre.contrib.django import MoneyFormField

    field = MoneyFormField(locale="es-PE", currency="PEN", error_messages={"amount_invalid": "Escriba un monto"})
    with pytest.raises(ValidationError, match="Escriba un monto"):
        field.clean("cinco")
    assert field.clean("S/ 5") == Money(5, "PEN")


def test_admin(project):
    from django.contrib.auth.models import User
    from django.test import Client
    from shop.models import Order

    Order.objects.all().delete()
    client = Client()
    client.force_login(User.objects.create_superuser("ana"))
    sent = {"price": "USD 1.50", "tip": "S/ 1,234.50", "fee": "1,5"}
    page = client.post("/admin/shop/order/add/", sent)
    assert page.status_code == 302, page.context["errors"]
    page = client.get("/admin/shop/order/?o=-2").content.decode()
    for text in ("USD 1.50", Money("1234.50", "PEN").format("es-PE"), Money("1.50", "COP").format("es-CO"), "Propina"):
        assert text in page
    wrong = client.post("/admin/shop/order/add/", sent | {"tip": "1.234,50"})
    assert wrong.status_code == 200 and "errorlist" in wrong.content.decode()
