"""Money in frameworks, each with the real library."""

import doctest
import importlib
import json
import subprocess
import sys
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import Money, errors
from cuadre.money import currencies

AMOUNTS = st.builds(
    Money.from_minor,
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from(["COP", "PEN", "USD", "CLP", "KWD", "CLF"]),
)
HOSTILE = [1.5, 5, True, None, b"PEN 1", "", "5", "1234.50 PEN", "pen 5", "PEN 1,5", "PEN 5 ", "PEN 5\n", "PEN  5",
           "PEN ٣", "PEN \ud800", "PEN " + "9" * 40, "PEN 1.001", "BTC 1", "XAU 1", "PEN 1e3", {"amount": 1}]  # fmt: skip


@pytest.mark.parametrize("name", ["json", "pydantic", "msgspec", "google", "sqlalchemy"])
def test_examples(name):
    module = importlib.import_module(f"cuadre.contrib.{name}")
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_import_cuadre_brings_no_framework():
    code = (
        "import cuadre, sys; print([m for m in ('pydantic', 'msgspec', 'sqlalchemy', 'django', 'google') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@given(AMOUNTS)
def test_all_round_trips(money):
    import msgspec
    from google.type.money_pb2 import Money as Message
    from pydantic import TypeAdapter

    from cuadre.contrib import google
    from cuadre.contrib import json as helper
    from cuadre.contrib import msgspec as hooks

    adapter = TypeAdapter(Money)
    assert adapter.validate_json(adapter.dump_json(money)) == money
    assert helper.parse(json.loads(json.dumps(money, default=helper.default))) == money
    text = msgspec.json.encode(money, enc_hook=hooks.enc_hook)
    assert msgspec.json.decode(text, type=Money, dec_hook=hooks.dec_hook) == money
    message = Message(**google.to_google(money))
    assert google.from_google(Message.FromString(message.SerializeToString())) == money


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_hostile_values(value):
    import msgspec
    from pydantic import BaseModel, ValidationError

    from cuadre.contrib import json as helper
    from cuadre.contrib import msgspec as hooks

    class Order(BaseModel):
        price: Money

    with pytest.raises(ValidationError):
        Order(price=value)
    with pytest.raises(errors.CuadreError):
        helper.parse(value)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, Money, dec_hook=hooks.dec_hook)


def test_pydantic_pins_and_describes():
    from pydantic import BaseModel, ValidationError

    from cuadre.contrib.pydantic import InCurrency

    class Order(BaseModel):
        price: Annotated[Money, InCurrency("PEN")]

    assert Order(price="PEN 5.00").price == Money(5, "PEN")
    assert Order(price=Money(5, "PEN")).model_dump() == {"price": Money(5, "PEN")}
    with pytest.raises(ValidationError, match="an amount in PEN is needed, not in COP"):
        Order(price="COP 5.00")
    for mode in ("validation", "serialization"):
        schema = Order.model_json_schema(mode=mode)["properties"]["price"]
        assert schema["type"] == "string" and schema["pattern"] and schema["examples"] == ["PEN 1234.50"]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({"currency_code": "USD", "units": 1, "nanos": -1}, errors.AmountInvalidError),
        ({"currency_code": "USD", "units": -1, "nanos": 10**7}, errors.AmountInvalidError),
        ({"currency_code": "USD", "units": 1, "nanos": 10**9}, errors.AmountInvalidError),
        ({"currency_code": "USD", "units": 1, "nanos": 1}, errors.AmountInexactError),
        ({"currency_code": "USD", "units": 1.0}, errors.FloatRefusedError),
        ({"currency_code": "USD", "units": True}, errors.FloatRefusedError),
        ({"units": 1}, errors.FloatRefusedError),
        ({"currency_code": "BTC", "units": 1}, errors.CurrencyUnknownError),
        ({"currency_code": "USD", "units": 2**62}, errors.AmountOverflowError),
    ],
)
def test_google_refuses(message, kind):
    from cuadre.contrib.google import from_google

    with pytest.raises(kind):
        from_google(message)


def test_every_currency_fits_the_text_form():
    from cuadre.contrib.json import parse

    for currency in currencies():
        if currency.minor_units is not None:
            for minor in (2**63 - 1, -(2**63)):
                money = Money.from_minor(minor, currency)
                assert parse(str(money)) == money


@pytest.mark.parametrize(
    ("module", "library", "extra"),
    [
        ("pydantic", "pydantic_core", "pydantic"),
        ("sqlalchemy", "sqlalchemy", "sqlalchemy"),
        ("django", "django", "django"),
    ],
)
def test_a_missing_library_is_named_with_its_extra(module, library, extra):
    code = f"""
import sys
sys.modules[{library!r}] = None
try:
    import cuadre.contrib.{module}
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"pip install 'cuadre[{extra}]'" in done.stdout


def test_the_others_need_no_library():
    code = """
import sys
for name in ("pydantic", "pydantic_core", "sqlalchemy", "django", "msgspec", "google"):
    sys.modules[name] = None
import cuadre.contrib.google, cuadre.contrib.json, cuadre.contrib.msgspec
from cuadre import Money
print(cuadre.contrib.google.to_google(Money(1, "PEN")), cuadre.contrib.msgspec.enc_hook(Money(1, "PEN")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "{'currency_code': 'PEN', 'units': 1, 'nanos': 0} PEN 1.00\n"
