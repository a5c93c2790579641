"""Money columns of SQLAlchemy on the databases themselves: SQLite, and a PostgreSQL of our own."""

import operator
from decimal import Decimal

import pytest
from sqlalchemy import Integer, create_engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

from cuadre import Money, errors
from cuadre.contrib.sqlalchemy import money_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id = mapped_column(Integer, primary_key=True)
    price = money_column("price")
    tip: Mapped[Money | None] = money_column("tip", nullable=True)


class NumericBase(DeclarativeBase):
    pass


class Bill(NumericBase):
    __tablename__ = "bills"
    id = mapped_column(Integer, primary_key=True)
    price = money_column("price", storage="numeric")
    tip = money_column("tip", storage="numeric", scale=2, nullable=True)


LARGEST, SMALLEST = 2**63 - 1, -(2**63)
PRICES = [
    Money.from_minor(LARGEST, "COP"),
    Money.from_minor(SMALLEST, "COP"),
    Money.from_minor(LARGEST, "CLP"),
    Money.from_minor(SMALLEST, "CLF"),
    Money("0.10", "USD"),
    Money("0.20", "USD"),
    Money("-0.10", "USD"),
]
TIPS = [None, Money("0.01", "PEN"), None, Money("0.02", "PEN"), Money("0.01", "USD"), None, None]


def filled(engine, model):
    model.metadata.drop_all(engine)
    model.metadata.create_all(engine)
    session = Session(engine)
    session.add_all(model(id=i, price=price, tip=tip) for i, (price, tip) in enumerate(zip(PRICES, TIPS, strict=True)))
    session.commit()
    return session


@pytest.fixture(params=["sqlite, minor", "postgresql, minor", "postgresql, numeric"])
def shop(request):
    """A session on a table with the prices and tips, and its model."""
    database, storage = request.param.split(", ")
    url = "sqlite://"
    if database == "postgresql":
        url = f"postgresql+psycopg://cuadre@/postgres?host={request.getfixturevalue('postgresql')}"
    engine = create_engine(url)
    model = Order if storage == "minor" else Bill
    with filled(engine, model) as session:
        yield session, model
    engine.dispose()


def ids(session, model, condition):
    return set(session.scalars(select(model.id).where(condition)))


def test_every_amount_comes_back(shop):
    session, model = shop
    found = session.scalars(select(model).order_by(model.id)).all()
    assert [row.price for row in found] == PRICES
    assert [row.tip for row in found] == TIPS
    found[4].price, found[4].tip = Money("0.30", "PEN"), None
    session.commit()
    assert (session.get(model, 4).price, session.get(model, 4).tip) == (Money("0.30", "PEN"), None)


COMPARISONS = [operator.eq, operator.lt, operator.le, operator.gt, operator.ge]


@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda f: f.__name__)
def test_comparisons_stay_in_one_currency(shop, compare):
    session, model = shop
    for wanted in {*PRICES, Money("0.15", "USD"), Money(0, "PEN")}:
        expected = {i for i, p in enumerate(PRICES) if p.currency == wanted.currency and compare(p, wanted)}
        assert ids(session, model, compare(model.price, wanted)) == expected


def test_not_equal_is_the_rest(shop):
    session, model = shop
    for wanted in {*PRICES, Money(0, "PEN")}:
        assert ids(session, model, model.price != wanted) == {i for i, price in enumerate(PRICES) if price != wanted}
    assert ids(session, model, model.price.in_(PRICES[4:6])) == {4, 5}
    assert ids(session, model, model.price.not_in(PRICES[4:6])) == {0, 1, 2, 3, 6}
    assert ids(session, model, model.price.in_([])) == set()


def test_nulls(shop):
    session, model = shop
    nothing = {i for i, tip in enumerate(TIPS) if tip is None}
    assert ids(session, model, model.tip == None) == nothing  # noqa: E711
    assert ids(session, model, model.tip != None) == set(range(len(TIPS))) - nothing  # noqa: E711
    assert ids(session, model, model.tip < Money(1, "PEN")) == {1, 3}
    with pytest.raises(IntegrityError):
        session.execute(insert(model.__table__).values(id=99, price_currency="PEN"))
    session.rollback()
    session.execute(update(model.__table__).where(model.id == 1).values(tip_currency=None))
    with pytest.raises(errors.AmountInvalidError, match="NULL beside it"):
        _ = session.get(model, 1, populate_existing=True).tip


def test_two_columns_of_money_compare(shop):
    session, model = shop
    assert ids(session, model, model.tip < model.price) == {4}
    other = aliased(model)
    pairs = session.execute(select(model.id, other.id).where(model.price < other.price, other.price == Money("0.10", "USD")))
    assert [tuple(pair) for pair in pairs] == [(6, 4)]


def test_order_is_by_currency_then_amount(shop):
    session, model = shop
    found = session.scalars(select(model).order_by(model.price))
    assert [row.price for row in found] == sorted(PRICES, key=lambda money: (money.currency.code, money.amount_minor))


def test_sums_by_currency_are_exact(shop):
    session, model = shop
    column = model.__table__.c.price_minor if model is Order else model.__table__.c.price_amount
    code = model.__table__.c.price_currency
    found = dict(map(tuple, session.execute(select(code, func.sum(column)).group_by(code))))
    unit = 1 if model is Order else Decimal("0.01")
    assert found["COP"] == -1 * unit and found["USD"] == 20 * unit
    if session.bind.dialect.name == "postgresql":  # wider than 64 bits
        session.add_all([model(id=20, price=PRICES[0]), model(id=21, price=PRICES[0])])
        session.flush()
        found = dict(map(tuple, session.execute(select(code, func.sum(column)).group_by(code))))
        assert isinstance(found["COP"], Decimal) and found["COP"] == (2 * LARGEST - 1) * unit


def test_bulk_statements(shop):
    session, model = shop
    session.execute(insert(model), [{"id": 30, "price": Money(7, "PEN")}, {"id": 31, "price": Money(8, "PEN")}])
    assert ids(session, model, model.price >= Money(7, "PEN")) == {30, 31}
    session.execute(update(model).where(model.id == 30).values({model.price: Money(9, "PEN"), model.tip: None}))
    assert session.get(model, 30, populate_existing=True).price == Money(9, "PEN")
    session.execute(delete(model).where(model.price == Money(8, "PEN")))
    assert ids(session, model, model.price >= Money(7, "PEN")) == {30}


@pytest.mark.parametrize("model", [Order, Bill])
@pytest.mark.parametrize("value", [1.5, 5, Decimal(5), "PEN 5.00", True, ("PEN", 5)], ids=ascii)
def test_only_money_goes_in(model, value):
    with pytest.raises(errors.FloatRefusedError, match="takes Money or None, not"):
        model(price=value)
    with pytest.raises(errors.FloatRefusedError):
        _ = model.price < value


def test_numeric_never_rounds(postgresql):
    with pytest.raises(errors.AmountInexactError, match="scale=4"):
        Bill(price=Money(1, "PEN"), tip=Money("0.0001", "CLF"))
    engine = create_engine(f"postgresql+psycopg://cuadre@/postgres?host={postgresql}")
    with filled(engine, Bill) as session:
        for value, text in ((Decimal("0.001"), "decimals"), (0.5, "not float"), (Decimal("NaN"), "NaN")):
            with pytest.raises(StatementError, match=text):
                session.execute(update(Bill.__table__).values(tip_amount=value))
            session.rollback()
        kind = "SELECT numeric_precision, numeric_scale FROM information_schema.columns WHERE column_name = 'price_amount'"
        assert tuple(session.connection().exec_driver_sql(kind).one()) == (23, 4)
    engine.dispose()


def test_numeric_is_refused_on_sqlite():
    engine = create_engine("sqlite://")
    with pytest.raises(errors.ArgumentInvalidError, match="storage='minor'"):
        NumericBase.metadata.create_all(engine)
    engine.dispose()


@pytest.mark.parametrize(
    "words", [{"storage": "float"}, {"scale": 2}, *({"storage": "numeric", "scale": s} for s in (-1, True, 2.0))]
)
def test_declarations_that_make_no_sense(words):
    with pytest.raises(errors.ArgumentInvalidError):
        money_column("price", **words)
