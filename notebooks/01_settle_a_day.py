# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1. Settle a day
#
# A shop sells online to people who pay in cash. At the end of the day it has two lists:
#
# * **the ledger**: the vouchers that the shop believes were paid;
# * **the settlement file**: what the collector says it took at the till.
#
# They should be the same list. This notebook finds out whether they are, row by row and to the cent, and then looks at the rows
# that are not. Everything in it is made up by `cuadre.sandbox.month`; put your own two paths in its place and the rest stays.
#
# It needs cuadre, Polars and matplotlib.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import polars as pl

import cuadre
from cuadre.sandbox.month import make_month

folder = Path(tempfile.mkdtemp(prefix="cuadre-"))
month = make_month(folder, vouchers=30_000)
colombia = folder / "colombia"
sorted(path.name for path in colombia.iterdir())[:5]

# %% [markdown]
# ## One day, two lists
#
# The collector is a bank network in Colombia that sends one *Asobancaria 2001* file per business day. Before anything is
# matched, the file is asked whether it can be trusted: it declares how many payments it holds and what they are worth, and its tax
# number and service codes carry check digits.

# %%
day_file = colombia / "RECAUDO_20260310.txt"
file = cuadre.settlement.read(day_file, layout="asobancaria-2001-recaudo")
print(file.verdict)
pl.DataFrame(file.checks)

# %% [markdown]
# Our side can be a file too, or any table that pandas, Polars, DuckDB or pyarrow holds. Here Polars picks the day out of the month's
# ledger. Amounts are read as text or decimals, never as floating point numbers: cuadre refuses those.

# %%
ledger = pl.read_csv(colombia / "ledger.csv", infer_schema=False)
day_ledger = ledger.filter(pl.col("date") == "2026-03-10").select("reference", "amount", "currency", "date")
day_ledger.head(3)

# %%
day = cuadre.reconcile(day_ledger, day_file, layout="asobancaria-2001-recaudo", as_of="2026-03-11")
day

# %% [markdown]
# References in the bank's file are 48 digits, padded with zeros; ours are not. The layout says that left zeros do not count, so the
# two meet:

# %%
day.key

# %% [markdown]
# ## The proof
#
# Before reading any difference, see that nothing was lost on the way: on each side the rows read are the rows in the classes below plus
# the rows refused, and the money of the classes adds up to the money of the files. If it did not, there would be no result at all.

# %%
pl.DataFrame(day.proof)

# %% [markdown]
# ## What does not agree, and why
#
# Every difference says in a sentence what was looked at and what disagrees (`sentence_es` says it in Spanish), and where both rows stand.

# %%
breaks = pl.DataFrame(day.breaks)
for code, sentence in breaks.group_by("code", maintain_order=True).first().select("code", "sentence_en").iter_rows():
    print(f"{code}: {sentence}")

# %% [markdown]
# ## The month
#
# A day on its own cannot tell a voucher paid twice from one that nobody knows when the second payment comes days later. The month can:
# give all its files at once.

# %%
files = sorted(colombia.glob("RECAUDO_*.txt"))
whole = cuadre.reconcile(colombia / "ledger.csv", files, layout="asobancaria-2001-recaudo", as_of="2026-04-01")
print(whole)
pl.DataFrame(whole.summary).drop("ledger_rows", "settlement_rows")

# %% [markdown]
# A row that cannot be read is neither dropped nor repaired. It is listed with its file, its line and the reason:

# %%
with pl.Config(fmt_str_lengths=80):
    print(
        pl.DataFrame(whole.rejects)
        .select("side", "line", "reason_en", "raw_text")
        .group_by("reason_en", maintain_order=True)
        .first()
    )

# %% [markdown]
# How much is at stake, and since when? For a pair that differs it is the difference, for a row alone its whole amount.

# %%
breaks = pl.DataFrame(whole.breaks)
at_stake = breaks.filter(pl.col("currency") == "COP").with_columns(pesos=pl.col("difference").abs())
by_class = at_stake.group_by("code").agg(breaks=pl.len(), pesos=pl.sum("pesos"), oldest_days=pl.max("age_days"))
by_class = by_class.sort("pesos", descending=True)
by_class

# %%
weeks = at_stake.with_columns(week=pl.col("age_days") // 7)
codes = by_class["code"].to_list()
figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
bottom = [0.0] * 5
for code in codes:
    per_week = dict(weeks.filter(pl.col("code") == code).group_by("week").agg(pl.sum("pesos")).iter_rows())
    # A float is good enough for the height of a bar.
    heights = [float(per_week.get(week, 0)) / 1e6 for week in range(5)]
    axes.bar(range(5), heights, bottom=bottom, label=code.replace("_", " "))
    bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
axes.set_xticks(range(5), ["this week", "1 week", "2 weeks", "3 weeks", "4 weeks"])
axes.set_ylabel("million COP")
axes.set_title("Open differences by age on 1 April 2026")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# ## Hand it over
#
# One page that opens in any browser, sorts, searches and prints; and the same tables for a spreadsheet.

# %%
report = whole.to_html(folder / "colombia.html")
tables = whole.to_csv(folder / "tables")
print(report.name, f"{report.stat().st_size / 1e6:.1f} MB")
sorted(path.name for path in tables.iterdir())

# %% [markdown]
# This month was made with its answer written down, so it can be checked, too: every planted break was found and no other.

# %%
planted = {code: len(references) for code, references in month["countries"]["colombia"]["planted"].items()}
found = dict(breaks.group_by("code").len().iter_rows())
assert found == planted, (found, planted)
found
