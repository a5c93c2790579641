"""Money in Django models (5.2 and later): one attribute over real columns.

::

    class Sale(models.Model):
        price = MoneyField()  # price_minor BIGINT, price_currency VARCHAR(3)
        tip = MoneyField(currency="PEN", locale="es-PE", null=True, blank=True)  # tip_minor BIGINT alone

    Sale.objects.create(price=Money("4.50", "PEN"), tip=Money(1, "PEN"))
    Sale.objects.filter(price__lt=Money(5, "PEN")).order_by("-price")
    Sale.objects.values("price_currency").annotate(total_minor=Sum("price_minor"))
    Sale.objects.update(**Sale.price.columns(Money(5, "PEN")))

* ``sale.price`` is Money or None, and nothing else may be assigned.
* Lookups are exact, in, lt, lte, gt, gte (all within one currency) and isnull. Ordering is by currency, then by amount.
* Migrations and fixtures hold the columns, plain fields of Django, so neither needs cuadre; models inside RunPython have the columns only.
* update(), constraints, indexes, update_fields, only() and refresh_from_db(fields=...) name the columns;
  ``Sale.price.columns(amount)`` gives them with their values. values() of a field of any currency gives (currency, minor units).
* With one currency Sum, Min and Max of the field give Money. With a currency column, add up ``price_minor`` by ``price_currency``.
* Forms read and show the amount as the locale writes it. In an admin's list_display ``"get_price_display"`` shows it that way too,
  while ``"price"`` shows ``PEN 1234.50``.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from cuadre.errors import (
    AmountInvalidError,
    ArgumentInvalidError,
    CurrencyMismatchError,
    FloatRefusedError,
    MoneyError,
)
from cuadre.money import Currency, Money

try:
    from django import forms
    from django.core.exceptions import EmptyResultSet, FieldError, ValidationError
    from django.db import models
    from django.db.models import lookups
    from django.db.models.expressions import Col, ColPairs
    from django.db.models.sql.where import AND, OR, WhereNode
except ImportError as error:
    raise ImportError("Money in Django models needs Django: pip install 'cuadre[django]'") from error

__all__ = ["MoneyField", "MoneyFormField"]


class MoneyFormField(forms.Field):
    """An amount as people write it.

    Args:
        locale: "plain", "en", "es-CO" or "es-PE".
        currency: The only one taken, and the one meant where the text names none. None: the text must name it.
        error_messages: By code of the failure (amount_invalid, currency_mismatch, ...), beside Django's own.

    Raises:
        django.core.exceptions.ValidationError: with the code of the failure, where the text is no amount.
    """

    def __init__(self, *, locale: Any = "plain", currency: str | Currency | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.locale = locale
        self.currency = None if currency is None else Currency(currency)

    def to_python(self, value: object) -> Money | None:
        """Read what was sent; blank is None. Raises: ValidationError, with the code of the failure."""
        if value is None or isinstance(value, Money):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            return Money.parse(text, self.currency, locale=self.locale)
        except MoneyError as error:
            message = self.error_messages.get(error.code, error.message)
            raise ValidationError(message, code=error.code) from error

    def prepare_value(self, value: Any) -> Any:
        """Write an amount for the form; what somebody typed stays as it is. Raises nothing."""
        return value.format(self.locale) if isinstance(value, Money) else value


class _Attribute:
    """What stands on the model in the field's place."""

    def __init__(self, field: MoneyField) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        field = self.field
        minor = getattr(instance, field.minor_name)
        if field.currency is not None:
            return None if minor is None else Money.from_minor(minor, field.currency)
        code = getattr(instance, field.currency_name) or None  # "" is what Django puts into text that nobody set
        if minor is None and code is None:
            return None
        if minor is None or code is None:
            raise AmountInvalidError(
                f"{field.minor_name} and {field.currency_name} are both set or both NULL, not {minor!a} and {code!a}"
            )
        return Money.from_minor(minor, code)

    def __set__(self, instance: Any, value: object) -> None:
        for name, part in self.columns(value).items():
            setattr(instance, name, part)

    def columns(self, money: object) -> dict[str, Any]:
        """Give the columns of an amount with their values, for update() and the like.

        Raises:
            FloatRefusedError: float_refused, for anything but Money and None.
            CurrencyMismatchError: currency_mismatch, for another currency than the field's.
        """
        names = self.field.part_names
        values = (None,) * len(names) if money is None else self.field.values_of(money)
        return dict(zip(names, values, strict=True))


class MoneyField(models.Field):
    """An amount of money: ``NAME_minor`` BIGINT and ``NAME_currency`` VARCHAR(3), read and written as one Money.

    Args:
        currency: A code or a Currency: then there is no currency column, and no other currency passes.
        locale: How forms and get_NAME_display() write it: "plain", "en", "es-CO" or "es-PE".
        null, blank, default, verbose_name, help_text, editable: As in Django; a default is Money.

    Raises:
        CurrencyUnknownError: currency_unknown.
        ArgumentInvalidError: argument_invalid, for a locale that is not one, and for arguments that belong on the columns.
        FloatRefusedError: float_refused, for a default or a value that is not Money.
        CurrencyMismatchError: currency_mismatch, for a value in another currency than the field's.
    """

    description = "Money"
    _ELSEWHERE = ("primary_key", "unique", "db_index", "db_column", "db_default", "choices")

    def __init__(self, *args: Any, currency: str | Currency | None = None, locale: Any = "plain", **kwargs: Any) -> None:
        for name in self._ELSEWHERE:
            if kwargs.get(name):
                raise ArgumentInvalidError(
                    f"MoneyField takes no {name}: it has no column of its own, name its columns in Meta instead"
                )
        self.currency = None if currency is None else Currency(currency)
        self.locale = locale
        Money(0, self.currency or "PEN").format(self.locale)  # a wrong locale is found here, not in a form
        super().__init__(*args, **kwargs)
        if self.has_default() and self.default is not None:
            self.values_of(self.default)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Give what makes this field again. Raises nothing."""
        name, path, args, kwargs = super().deconstruct()
        if self.currency is not None:
            kwargs["currency"] = self.currency.code
        if self.locale != "plain":
            kwargs["locale"] = self.locale
        return name, path, args, kwargs

    # ---- the columns

    @property
    def minor_name(self) -> str:
        return f"{self.name}_minor"

    @property
    def currency_name(self) -> str:
        return f"{self.name}_currency"

    @property
    def part_names(self) -> tuple[str, ...]:
        return (self.minor_name,) if self.currency is not None else (self.currency_name, self.minor_name)

    @property
    def parts(self) -> list[Any]:
        return [self.model._meta.get_field(name) for name in self.part_names]

    def values_of(self, money: object) -> tuple[Any, ...]:
        if not isinstance(money, Money):
            raise FloatRefusedError(f"{self.name or 'MoneyField'} takes Money or None, not {type(money).__name__}")
        if self.currency is None:
            return money.currency.code, money.amount_minor
        if money.currency != self.currency:
            raise CurrencyMismatchError(f"{self.name or 'MoneyField'} is in {self.currency.code}, not in {money.currency.code}")
        return (money.amount_minor,)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Stand on the model, with the columns beside. Raises nothing."""
        inherited = getattr(self, "mti_inherited", False)
        owner: Any = self.model if inherited else cls  # type: ignore[has-type]
        super().contribute_to_class(cls, name, private_only=True)
        self.model = owner  # whose table has the columns, so that queries join it
        if not inherited and self.minor_name not in {field.name for field in cls._meta.local_fields}:
            defaults = dict(zip(self.part_names, self.values_of(self.default), strict=True)) if self.default_given else {}
            for part, kind, words in (
                (self.minor_name, models.BigIntegerField, {}),
                (self.currency_name, models.CharField, {"max_length": 3}),
            ):
                if part in self.part_names:
                    given = {"default": defaults[part]} if defaults else {}
                    cls.add_to_class(part, kind(null=self.null, blank=True, editable=False, **words, **given))
        setattr(cls, name, _Attribute(self))
        if f"get_{name}_display" not in cls.__dict__:
            setattr(cls, f"get_{name}_display", self._display())

    @property
    def default_given(self) -> bool:
        return bool(self.has_default()) and self.default is not None

    def _display(self) -> Callable[[Any], str | None]:
        def display(instance: Any) -> str | None:
            money = getattr(instance, self.name)
            return None if money is None else str(money.format(self.locale))

        display.short_description = self.verbose_name  # type: ignore[attr-defined]
        display.admin_order_field = self.name  # type: ignore[attr-defined]
        return display

    def get_attname_column(self) -> tuple[str, None]:
        """Have no column: the parts have them. Raises nothing."""
        return self.get_attname(), None

    def db_type(self, connection: Any) -> None:
        """Have no column. Raises nothing."""

    # ---- queries

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        """Stand for the columns in a query. Raises nothing."""
        parts = self.parts
        return Col(alias, parts[0], self) if len(parts) == 1 else ColPairs(alias, parts, parts, self)

    @property
    def cached_col(self) -> Any:
        return self.get_col(self.model._meta.db_table)

    def get_internal_type(self) -> str:
        """Be no integer field to Django, which cuts the averages of those to whole numbers. Raises nothing."""
        return "MoneyField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Money | None:
        """Make Money of minor units; an average that is not whole is refused. Raises: FloatRefusedError."""
        if value is None:
            return None
        if isinstance(value, Decimal) and value == value.to_integral_value():
            value = int(value)
        if not isinstance(value, int):
            raise FloatRefusedError(
                f"{self.name}: {value} is no whole number of minor units; sum and divide with a named rounding instead"
            )
        return Money.from_minor(value, self.currency or "")

    def get_lookup(self, lookup_name: str) -> Any:
        """Give the lookups of money alone; those of every field, such as icontains, would compare half of it. Raises nothing."""
        found = super().get_lookup(lookup_name)
        return found if found is not None and issubclass(found, _MoneyLookup) else None

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Say how to update. Raises: FieldError."""
        name = f"{self.model.__name__}.{self.name}"
        raise FieldError(f"{self.name} has no column of its own: update(**{name}.columns(amount))")

    # ---- forms and text

    def formfield(self, **kwargs: Any) -> Any:
        """Give a MoneyFormField of this locale and currency. Raises nothing."""
        return super().formfield(**{"form_class": MoneyFormField, "locale": self.locale, "currency": self.currency, **kwargs})

    def to_python(self, value: object) -> Money | None:
        """Read ``PEN 1234.50``. Raises: ValidationError, with the code of the failure."""
        if value is None:
            return None
        try:
            if isinstance(value, str):
                value = Money.parse(value, self.currency, locale="plain")
            self.values_of(value)
        except MoneyError as error:
            raise ValidationError(error.message, code=error.code) from error
        return value  # type: ignore[return-value]

    def value_to_string(self, obj: Any) -> str:
        """Write ``PEN 1234.50``. Raises nothing."""
        return str(self.value_from_object(obj))


# ---- lookups: Django's own on the columns, always with the same currency


def _columns(side: Any) -> list[Any]:
    sides = side.get_cols() if isinstance(side, ColPairs) else [side]
    return [Col(each.alias, each.target) if isinstance(each, Col) else each for each in sides]


class _MoneyLookup(lookups.Lookup):
    allows_composite_expressions = True

    def _prepared(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return self.lhs.output_field.values_of(value)

    def get_prep_lookup(self) -> Any:
        return self._prepared(self.rhs)

    def _matches(self, value: Any, compare: Any) -> WhereNode:
        columns = _columns(self.lhs)
        values = list(value) if isinstance(value, tuple) else _columns(value)
        if len(columns) != len(values):
            raise FieldError("a field of one currency does not compare with a field of any; compare their columns")
        kinds = [lookups.Exact] * (len(columns) - 1) + [compare]
        return WhereNode([kind(c, v) for kind, c, v in zip(kinds, columns, values, strict=True)], connector=AND)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return compiler.compile(self._matches(self.rhs, self.compare))


def _lookup(name: str, kind: Any) -> None:
    MoneyField.register_lookup(type(f"_Money{kind.__name__}", (_MoneyLookup,), {"lookup_name": name, "compare": kind}))


for _name, _kind in (
    ("exact", lookups.Exact),
    ("lt", lookups.LessThan),
    ("lte", lookups.LessThanOrEqual),
    ("gt", lookups.GreaterThan),
    ("gte", lookups.GreaterThanOrEqual),
):
    _lookup(_name, _kind)


@MoneyField.register_lookup
class _MoneyIn(_MoneyLookup):
    lookup_name = "in"

    def get_prep_lookup(self) -> Any:
        return [self._prepared(value) for value in self.rhs if value is not None]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not self.rhs:
            raise EmptyResultSet
        return compiler.compile(WhereNode([self._matches(value, lookups.Exact) for value in self.rhs], connector=OR))


@MoneyField.register_lookup
class _MoneyIsNull(_MoneyLookup):
    lookup_name = "isnull"

    def get_prep_lookup(self) -> Any:
        if not isinstance(self.rhs, bool):
            raise ValueError("isnull is True or False")
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return compiler.compile(lookups.IsNull(_columns(self.lhs)[-1], self.rhs))
