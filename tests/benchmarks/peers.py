"""The same settlement by cuadre and by three peers, each in its own process and in its users' best idiom.

    python tests/benchmarks/peers.py CONTENDER LEDGER SETTLEMENT BREAKS THREADS

From two CSV files to counts and sums per class and currency, and a CSV of the breaks; then one line of JSON on standard output: the
seconds this took (imports are not in it), the peak memory of the process, and the summary. Every contender keeps amounts exact,
follows the classes of the README's table to the letter, and trusts nothing about the data: references may repeat on either side.

What made the peers faster, measured when this was written: tables loaded first and joined once; repeated references found by their
64-bit hash, then confirmed by their text; looking for repeats in the ledger only when the number of joined pairs says there are some.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Summary = dict[tuple[str, str], list[int]]  # (bucket, currency) -> ledger rows, settlement rows, ledger minor, settlement minor
Contender = Callable[[str, str, str, int], Summary]


def add(summary: Summary, bucket: str, currency: str | None, side: int, rows: int, minor: int) -> None:
    """One side's rows of a bucket; nothing for the side that has no row there."""
    if currency is not None and rows:
        line = summary.setdefault((bucket, currency), [0, 0, 0, 0])
        line[side] += rows
        line[2 + side] += minor


# --- DuckDB -----------------------------------------------------------------------------------------------------------------------

DUCK_LOAD = """
create temp table {table} as
from read_csv('{path}', header = true, auto_detect = false, delim = ',', quote = '"',
              columns = {{'reference': 'VARCHAR', 'amount': 'DECIMAL(18,2)', 'currency': 'VARCHAR', 'date': 'DATE'}})
"""

DUCK_REPEATED = """
insert into repeated
select reference from {table} where hash(reference) in (select hash(reference) from {table} group by all having count(*) > 1)
group by all having count(*) > 1
"""

# Matched rows collapse into one line per currency, breaks stay lines of their own: both answers from one pass over the join.
DUCK_JOIN = """
create or replace temp table answer as
select bucket, if(bucket = 'matched', null, coalesce(lr, sr)) as reference, lc, sc,
       if(bucket = 'matched', null, ld) as ld, if(bucket = 'matched', null, sd) as sd,
       count(*) as n, sum(la) as la, sum(sa) as sa
from (select case when sr is null then 'only_in_ledger' when lr is null then 'only_in_settlement'
                  when lc <> sc then 'currency_differs' when la <> sa then 'amount_differs' else 'matched' end as bucket, *
      from (select reference as lr, amount as la, currency as lc, date as ld from l {without})
      full join (select reference as sr, amount as sa, currency as sc, date as sd from s {without}) on lr = sr)
group by all
"""

# Repeated references: equal amounts in the same currency pair off first; what is left decides the class.
DUCK_REPEATS = """
insert into answer
with lp as (select *, row_number() over (partition by reference, amount, currency order by date) as turn
            from l semi join repeated using (reference)),
     sp as (select *, row_number() over (partition by reference, amount, currency order by date) as turn
            from s semi join repeated using (reference)),
     paired as (select coalesce(lp.reference, sp.reference) as reference, lp.amount as la, lp.currency as lc, lp.date as ld,
                       sp.amount as sa, sp.currency as sc, sp.date as sd
                from lp full join sp using (reference, amount, currency, turn)),
     counted as (select *, count(la) over key as ledger_rows, count(sa) over key as settlement_rows,
                        count(*) filter (sa is null) over key as ledger_left,
                        count(*) filter (la is null) over key as settlement_left
                 from paired window key as (partition by reference)),
     lone as (select reference, any_value(la) as la, any_value(lc) as lc, any_value(ld) as ld, any_value(sa) as sa,
                     any_value(sc) as sc, any_value(sd) as sd
              from counted where (la is null or sa is null) and ledger_left = 1 and settlement_left = 1 group by reference)
select if(lc <> sc, 'currency_differs', 'amount_differs'), reference, lc, sc, ld, sd, 1, la, sa from lone
union all
select case when la is not null and sa is not null then 'matched'
            when settlement_rows = 0 then 'only_in_ledger' when ledger_rows = 0 then 'only_in_settlement'
            when la is null then 'paid_twice' else 'repeated_in_ledger' end,
       reference, lc, sc, ld, sd, 1, la, sa
from counted where (la is not null and sa is not null) or ledger_left <> 1 or settlement_left <> 1
"""

DUCK_SUMMARY = """
select bucket, lc, 0, sum(n), sum(la) * 100 from answer where lc is not null group by all
union all select bucket, sc, 1, sum(n), sum(sa) * 100 from answer where sc is not null group by all
"""

DUCK_BREAKS = """
copy (select bucket, reference, lc as ledger_currency, la as ledger_amount, ld as ledger_date, sc as settlement_currency,
             sa as settlement_amount, sd as settlement_date
      from answer where bucket <> 'matched') to '{path}' (header true)
"""


def with_duckdb(ledger: str, settlement: str, breaks: str, threads: int) -> Summary:
    import duckdb

    database = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
    run = database.execute
    run(DUCK_LOAD.format(table="l", path=ledger))
    run(DUCK_LOAD.format(table="s", path=settlement))
    run("create temp table repeated (reference varchar)")
    run(DUCK_REPEATED.format(table="s"))
    without = "anti join repeated using (reference)"
    run(DUCK_JOIN.format(without=without))
    # As many pairs as ledger rows that are not alone, unless a reference that is single in the settlement repeats in the ledger.
    pairs = "select coalesce(sum(n), 0) from answer where bucket not like 'only_in_%'"
    alone = "select coalesce(sum(n), 0) from answer where bucket = 'only_in_settlement'"
    rows = f"select count(*) from s {without}"
    settled_once, joined = run(f"select ({rows}) - ({alone}), ({pairs})").fetchall()[0]
    if settled_once != joined:
        run(DUCK_REPEATED.format(table="l"))
        run(DUCK_JOIN.format(without=without))
    run(DUCK_REPEATS)
    summary: Summary = {}
    for bucket, currency, side, count, minor in run(DUCK_SUMMARY).fetchall():
        add(summary, bucket, currency, side, int(count), int(minor))
    run(DUCK_BREAKS.format(path=breaks))
    return summary


# --- Polars -----------------------------------------------------------------------------------------------------------------------


def with_polars(ledger: str, settlement: str, breaks: str, threads: int) -> Summary:
    import polars as pl

    schema: dict[str, Any] = {"reference": pl.String, "amount": pl.Decimal(18, 2), "currency": pl.String, "date": pl.Date}
    left, right = (pl.scan_csv(path, schema=schema).collect(engine="streaming").lazy() for path in (ledger, settlement))

    def repeated(side: pl.LazyFrame) -> pl.LazyFrame:
        by_hash = side.select(k=pl.col("reference").hash()).group_by("k").len().filter(pl.col("len") > 1)
        some = by_hash.collect(engine="streaming")["k"].implode()
        suspects = side.filter(pl.col("reference").hash().is_in(some)).group_by("reference").len()
        return suspects.filter(pl.col("len") > 1).select("reference")

    def joined(repeats: pl.DataFrame) -> pl.DataFrame:
        single = [side.join(repeats.lazy(), on="reference", how="anti") for side in (left, right)]
        pairs = single[0].join(single[1], on="reference", how="full", suffix="_s")
        bucket = (
            pl.when(pl.col("reference_s").is_null())
            .then(pl.lit("only_in_ledger"))
            .when(pl.col("reference").is_null())
            .then(pl.lit("only_in_settlement"))
            .when(pl.col("currency") != pl.col("currency_s"))
            .then(pl.lit("currency_differs"))
            .when(pl.col("amount") != pl.col("amount_s"))
            .then(pl.lit("amount_differs"))
            .otherwise(pl.lit("matched"))
        )
        return pairs.with_columns(bucket=bucket).collect(engine="streaming")

    repeats = repeated(right).collect()
    answer = joined(repeats)
    alone = answer["bucket"].eq("only_in_settlement").sum()
    settled_once = answer["reference_s"].len() - answer["reference_s"].null_count() - alone
    singles = right.join(repeats.lazy(), on="reference", how="anti").select(pl.len()).collect().item() - alone
    if settled_once != singles:
        repeats = pl.concat([repeats, repeated(left).collect()]).unique()
        answer = joined(repeats)
    parts = [answer, polars_repeats(left, right, repeats)]
    summary: Summary = {}
    for part in parts:
        for side, suffix in enumerate(("", "_s")):
            lines = part.lazy().filter(pl.col("currency" + suffix).is_not_null()).group_by("bucket", "currency" + suffix)
            for bucket, currency, count, total in lines.agg(pl.len(), pl.sum("amount" + suffix)).collect().iter_rows():
                add(summary, bucket, currency, side, count, int(total * 100))
    pl.concat([part.filter(pl.col("bucket") != "matched") for part in parts], how="diagonal").write_csv(breaks)
    return summary


def polars_repeats(left: Any, right: Any, repeats: Any) -> Any:
    """The rows of repeated references: equal amounts pair off in turn, then what is left decides."""
    import polars as pl

    same = ["reference", "amount", "currency"]
    turn = pl.int_range(pl.len()).over(same).alias("turn")
    ours, theirs = (
        side.join(repeats.lazy(), on="reference", how="semi").with_columns(turn).collect() for side in (left, right)
    )
    pairs = ours.join(theirs, on=[*same, "turn"], how="full", suffix="_s").drop("turn", "turn_s")
    key = pl.coalesce("reference", "reference_s")
    counted = pairs.with_columns(
        key=key,
        ledger_rows=pl.col("reference").count().over(key),
        settlement_rows=pl.col("reference_s").count().over(key),
        ledger_left=pl.col("reference_s").is_null().sum().over(key),
        settlement_left=pl.col("reference").is_null().sum().over(key),
    )
    is_pair = pl.col("reference").is_not_null() & pl.col("reference_s").is_not_null()
    is_lone = ~is_pair & (pl.col("ledger_left") == 1) & (pl.col("settlement_left") == 1)
    lone = counted.filter(is_lone).group_by("key").agg(pl.col(pairs.columns).drop_nulls().first())
    differs = pl.when(pl.col("currency") != pl.col("currency_s")).then(pl.lit("currency_differs"))
    bucket = (
        pl.when(is_pair)
        .then(pl.lit("matched"))
        .when(pl.col("settlement_rows") == 0)
        .then(pl.lit("only_in_ledger"))
        .when(pl.col("ledger_rows") == 0)
        .then(pl.lit("only_in_settlement"))
        .when(pl.col("reference").is_null())
        .then(pl.lit("paid_twice"))
        .otherwise(pl.lit("repeated_in_ledger"))
    )
    columns = [*pairs.columns, "bucket"]
    return pl.concat(
        [
            lone.with_columns(bucket=differs.otherwise(pl.lit("amount_differs"))).select(columns),
            counted.filter(~is_lone).with_columns(bucket=bucket).select(columns),
        ]
    )


# --- pandas -----------------------------------------------------------------------------------------------------------------------


def pandas_read(path: str) -> Any:
    """References and currencies as pyarrow strings, amounts as int64 minor units: exact, and the fastest that pandas merges."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    types = {"reference": pa.string(), "amount": pa.decimal128(18, 2), "currency": pa.string(), "date": pa.date32()}
    table = csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=types))
    minor = pc.multiply(table["amount"], pa.scalar(100, pa.decimal128(3, 0))).cast(pa.int64())
    table = table.set_column(1, "minor", minor)
    return table.to_pandas(types_mapper=pd.ArrowDtype, split_blocks=True, self_destruct=True)


def with_pandas(ledger: str, settlement: str, breaks: str, threads: int) -> Summary:
    import pandas as pd
    import pyarrow as pa

    pa.set_cpu_count(threads)
    left, right = pandas_read(ledger), pandas_read(settlement)
    repeats = pd.concat([side.reference[side.reference.duplicated()] for side in (left, right)]).unique()
    again = [side.reference.isin(repeats) for side in (left, right)]
    pairs = left[~again[0]].merge(right[~again[1]], on="reference", how="outer", suffixes=("_l", "_s"), validate="one_to_one")
    pairs["bucket"] = "matched"
    pairs.loc[(pairs.minor_l != pairs.minor_s).fillna(True), "bucket"] = "amount_differs"
    pairs.loc[(pairs.currency_l != pairs.currency_s).fillna(True), "bucket"] = "currency_differs"
    pairs.loc[pairs.minor_s.isna(), "bucket"] = "only_in_ledger"
    pairs.loc[pairs.minor_l.isna(), "bucket"] = "only_in_settlement"
    parts = [pairs, pandas_repeats(left[again[0]], right[again[1]])]
    summary: Summary = {}
    for part in parts:
        for side, suffix in enumerate(("_l", "_s")):
            lines = part.groupby(["bucket", "currency" + suffix])["minor" + suffix].agg(["count", "sum"])
            for (bucket, currency), (count, minor) in zip(lines.index, lines.itertuples(index=False), strict=True):
                add(summary, bucket, currency, side, int(count), int(minor))
    pd.concat([part[part.bucket != "matched"] for part in parts]).to_csv(breaks, index=False)
    return summary


def pandas_repeats(left: Any, right: Any) -> Any:
    """The rows of repeated references: equal amounts pair off in turn, then what is left decides."""
    import pandas as pd

    same = ["reference", "minor", "currency"]
    ours, theirs = (side.assign(turn=side.groupby(same).cumcount()) for side in (left, right))
    pairs = ours.merge(theirs, on=[*same, "turn"], how="outer", suffixes=("_l", "_s"), indicator="where").drop(columns="turn")
    for suffix, other in (("_l", "right_only"), ("_s", "left_only")):
        pairs["minor" + suffix] = pairs.minor.where(pairs["where"] != other)
        pairs["currency" + suffix] = pairs.currency.where(pairs["where"] != other)
    pairs = pairs.drop(columns=["minor", "currency"])
    by_key = pairs.assign(ours=pairs["where"] == "left_only", theirs=pairs["where"] == "right_only").groupby("reference")
    counts = by_key[["minor_l", "minor_s"]].transform("count").join(by_key[["ours", "theirs"]].transform("sum"))
    is_pair = pairs["where"] == "both"
    is_lone = ~is_pair & (counts.ours == 1) & (counts.theirs == 1)
    pairs["bucket"] = "matched"
    pairs.loc[pairs["where"] == "right_only", "bucket"] = "paid_twice"
    pairs.loc[pairs["where"] == "left_only", "bucket"] = "repeated_in_ledger"
    pairs.loc[counts.minor_l == 0, "bucket"] = "only_in_settlement"
    pairs.loc[counts.minor_s == 0, "bucket"] = "only_in_ledger"
    lone = pairs[is_lone].drop(columns=["where", "bucket"]).groupby("reference", as_index=False).first()
    lone["bucket"] = "amount_differs"
    lone.loc[lone.currency_l != lone.currency_s, "bucket"] = "currency_differs"
    return pd.concat([pairs[~is_lone].drop(columns="where"), lone])


# --- cuadre -----------------------------------------------------------------------------------------------------------------------


def with_cuadre(ledger: str, settlement: str, breaks: str, threads: int) -> Summary:
    import cuadre

    result = cuadre.reconcile(ledger, settlement, layout="plain", threads=threads)
    summary: Summary = {}
    for line in result.summary.to_dicts():
        for side, name in enumerate(("ledger", "settlement")):
            rows, amount = line[f"{name}_rows"], line[f"{name}_amount"]
            add(summary, line["bucket"], line["currency"], side, rows, int(amount * 100) if rows else 0)
    assert all(line["holds"] for line in result.proof.to_dicts())
    result.breaks.write_csv(breaks)
    return summary


# --- one run in one process -------------------------------------------------------------------------------------------------------

CONTENDERS: dict[str, tuple[Contender, tuple[str, ...]]] = {
    "cuadre": (with_cuadre, ("cuadre",)),
    "duckdb": (with_duckdb, ("duckdb",)),
    "polars": (with_polars, ("polars",)),
    "pandas": (with_pandas, ("pandas", "pyarrow", "pyarrow.csv", "pyarrow.compute")),
}


def peak_bytes() -> int:
    """Most memory this process ever held. Not ru_maxrss, which a child inherits from the process that started it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the kernel does not tell the peak memory")


def main(name: str, ledger: str, settlement: str, breaks: str, threads: str) -> None:
    os.environ["POLARS_MAX_THREADS"] = threads  # read when Polars is imported
    contender, modules = CONTENDERS[name]
    for module in modules:
        __import__(module)
    start = time.perf_counter()
    summary = contender(ledger, settlement, breaks, int(threads))
    seconds = time.perf_counter() - start
    lines = [[bucket, currency, *numbers] for (bucket, currency), numbers in sorted(summary.items())]
    print(json.dumps({"seconds": seconds, "peak_bytes": peak_bytes(), "summary": lines}))


if __name__ == "__main__":
    main(*sys.argv[1:])
