"""Spanish number words, slowly: from a table of the first thousand and the rule for thousands, digit by digit as text."""

UNITS = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
]
TEENS = {6: "dieciséis", 7: "diecisiete", 8: "dieciocho", 9: "diecinueve"}
TWENTIES = {0: "veinte", 1: "veintiuno", 2: "veintidós", 3: "veintitrés", 6: "veintiséis"}
TENS = dict(enumerate(["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"], 3))
HUNDREDS = {1: "ciento", 5: "quinientos", 7: "setecientos", 9: "novecientos"}
SCALES = {2: ("millón", "millones"), 4: ("billón", "billones"), 6: ("trillón", "trillones")}


def _hundreds(number):
    if number <= 15:
        return UNITS[number]
    if number < 20:
        return TEENS[number - 10]
    if number < 30:
        return TWENTIES.get(number - 20, f"veinti{UNITS[number - 20]}")
    if number < 100:
        tens, unit = divmod(number, 10)
        return TENS[tens] + (f" y {UNITS[unit]}" if unit else "")
    if number == 100:
        return "cien"
    hundreds, rest = divmod(number, 100)
    head = HUNDREDS.get(hundreds, f"{UNITS[hundreds]}cientos")
    return head + (f" {_hundreds(rest)}" if rest else "")


def shortened(words):
    """Before a masculine noun: uno loses its o."""
    if words.endswith("veintiuno"):
        return words.removesuffix("veintiuno") + "veintiún"
    return words.removesuffix("o") if words == "uno" or words.endswith(" uno") else words


def number(value):
    """The words of a whole number that is not negative, lower case."""
    if value == 0:
        return "cero"
    digits = str(value)
    digits = digits.zfill(-(-len(digits) // 6) * 6)
    groups = [int(digits[i : i + 6]) for i in range(0, len(digits), 6)]
    said = []
    for place, group in zip(range(2 * (len(groups) - 1), -1, -2), groups, strict=True):
        if not group:
            continue
        thousands, rest = divmod(group, 1000)
        words = []
        if thousands:
            words.append("mil" if thousands == 1 else shortened(_hundreds(thousands)) + " mil")
        if rest:
            words.append(_hundreds(rest))
        text = " ".join(words)
        if place:
            one, many = SCALES[place]
            text = f"un {one}" if group == 1 else f"{shortened(text)} {many}"
        said.append(text)
    return " ".join(said)


def peru(minor, noun="soles"):
    whole, cents = divmod(abs(minor), 100)
    return f"SON: {'MENOS ' if minor < 0 else ''}" + f"{number(whole)} y {cents:02d}/100 {noun}".upper()


def colombia(minor):
    whole, cents = divmod(abs(minor), 100)
    of = "de " if whole and whole % 10**6 == 0 else ""
    text = f"{shortened(number(whole))} {of}{'peso' if whole == 1 else 'pesos'}"
    if cents:
        text += f" con {shortened(number(cents))} {'centavo' if cents == 1 else 'centavos'}"
    return (f"{'menos ' if minor < 0 else ''}{text} m/cte").upper()
