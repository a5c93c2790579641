'use strict';
// Sorts, searches and pages the long tables. Data becomes text nodes and attributes of text, never markup, and amounts never
// become floats: whole minor units stay a Number where that is exact and are a BigInt beyond; the two compare exactly.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const words = new Map(Object.entries(data.words));
  const LANGUAGES = ['es', 'en'];
  let language = data.language;

  const say = (name, ...values) => {
    const pair = words.get(name);
    return pair ? pair[LANGUAGES.indexOf(language)].replace(/\{(\d)\}/g, (_, at) => values[at]) : name;
  };
  const node = (tag, name, ...children) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children);
    return made;
  };

  // ---- text and numbers, as the core writes them: the marks of each currency come from it

  const ODD = /(?! )[\p{C}\p{Z}]/gu;
  const code = (sign) => 'U+' + sign.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
  const visible = (text) => text.replace(ODD, (sign) => `⟨${code(sign)}⟩`);
  const shown = (text) => {
    const out = document.createElement('bdi');
    let from = 0;
    for (const found of text.matchAll(ODD)) {
      out.append(text.slice(from, found.index), node('span', 'code', code(found[0])));
      from = found.index + found[0].length;
    }
    out.append(text.slice(from));
    return out;
  };
  const grouped = (digits, mark) => digits.replace(/\B(?=(\d{3})+$)/g, mark);
  const number = (value) => grouped(String(value), language === 'es' ? '.' : ',');
  const money = (minor, at, marks = language) => {
    const [, decimals, comma] = data.currencies[at];
    const text = String(minor);
    const digits = text.replace('-', '').padStart(decimals + 1, '0');
    const swap = marks === 'es' && comma;
    const whole = grouped(digits.slice(0, digits.length - decimals), swap ? '.' : ',');
    const rest = decimals ? (swap ? ',' : '.') + digits.slice(-decimals) : '';
    return (text[0] === '-' ? '-' : '') + whole + rest;
  };
  const exact = (value) => (typeof value === 'string' ? BigInt(value) : value);
  const absolute = (value) => String(value).replace('-', '');
  const base = (path) => path.slice(path.lastIndexOf('/') + 1);
  const file = (at) => data.texts.file[at];
  const ageClass = (days) => {
    if (days === null) return data.ages.length;
    return data.ages.findLastIndex((start) => start <= Math.max(days, 0));
  };

  // A sentence is a pattern of the core and the values of its row, or a text for each language.
  const sentence = (row, marks = language) => {
    const at = LANGUAGES.indexOf(marks);
    if (typeof row[18] === 'string') return row[18 + at];
    const kind = data.texts.kind[row[2]];
    const amount = (minor, currency) => `${data.currencies[currency][0]} ${money(minor, currency, marks)}`;
    const part = {
      reference: () => row[1],
      kind: () => words.get(kind)?.[at] ?? kind,
      ledger: () => (row[4] === null ? amount(row[19], row[20]) : amount(row[4], row[3])),
      settlement: () => (row[5] === null ? amount(row[19], row[20]) : amount(row[5], row[7] ?? row[3])),
      stake: () => amount(absolute(row[6]), row[3]),
      ledger_file: () => base(file(row[8])),
      ledger_line: () => row[9],
      settlement_file: () => base(file(row[12])),
      settlement_line: () => row[13],
    };
    return data.patterns[marks][row[18]].replace(/\{(\w+)\}/g, (_, place) => part[place]());
  };

  // ---- kinds of column: what is drawn, what full text hangs behind it, what is sorted by

  const currencyOf = (row, places) => row[places.find((place) => row[place] !== null)];
  const KINDS = {
    word: {
      draw: (row, at, list) => [words.has(data.texts[list][row[at]]) ? say(data.texts[list][row[at]]) : shown(data.texts[list][row[at]])],
      key: (row, at) => row[at],
    },
    plain: { draw: (row, at, list) => [shown(data.texts[list][row[at]])], key: (row, at, list) => data.texts[list][row[at]] },
    text: { draw: (row, at) => [shown(row[at])], title: (row, at) => row[at], key: (row, at) => row[at] },
    raw: { draw: (row, at) => [shown(row[at])], title: (row, at) => row[at], key: (row, at) => row[at] },
    path: { draw: (row, at) => [shown(file(row[at]))], title: (row, at) => file(row[at]), key: (row, at) => file(row[at]) },
    money: {
      draw: (row, at, places) => {
        const currency = currencyOf(row, places);
        const unit = currency === row[3] ? [] : [node('span', 'unit', data.currencies[currency][0]), ' '];
        return [...unit, money(row[at], currency)];
      },
      key: (row, at) => exact(row[at]),
      group: (row, at, places) => data.currencies[currencyOf(row, places)][0], // amounts of two currencies are never compared
    },
    count: { draw: (row, at) => [number(row[at])], key: (row, at) => row[at] },
    bad: { draw: (row, at) => [row[at] ? node('strong', 'no', number(row[at])) : number(row[at])], key: (row, at) => row[at] },
    date: { draw: (row, at) => [row[at]], key: (row, at) => row[at] },
    place: {
      draw: (row, at) => row[at + 1] ? [shown(base(file(row[at]))), node('span', 'line', `:${row[at + 1]}`)] : [shown(base(file(row[at])))],
      title: (row, at) => (row[at + 1] ? `${file(row[at])}:${row[at + 1]}` : file(row[at])),
      key: (row, at) => row[at + 1] ?? 0,
      group: (row, at) => file(row[at]),
    },
    holds: { draw: (row, at) => [verdict(row[at])], key: (row, at) => row[at] },
  };
  const verdict = (holds) => {
    const sign = node('span', '', holds ? '✓' : '✗');
    sign.setAttribute('aria-hidden', 'true');
    return node('span', holds ? 'yes' : 'no', sign, ' ', say(holds ? 'agrees' : 'disagrees'));
  };
  const DOWN_FIRST = new Set(['money', 'count', 'bad']);

  const plainForm = (text) => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();
  // What a row is found by: everything it shows, in both languages.
  const haystack = (list, row) => {
    const parts = [];
    for (const [, kind, at, extra] of list.columns) {
      const value = row[at];
      if (value === null || value === '' || kind === 'bad') continue;
      if (kind === 'word') parts.push(...(words.get(data.texts[extra][value]) ?? [data.texts[extra][value]]));
      else if (kind === 'plain') parts.push(data.texts[extra][value]);
      else if (kind === 'money') {
        const currency = currencyOf(row, extra);
        const english = money(value, currency, 'en');
        parts.push(money(value, currency, 'es'), english, english.replaceAll(',', ''));
      } else if (kind === 'place') parts.push(`${file(value)}:${row[at + 1]}`);
      else if (kind === 'path') parts.push(file(value));
      else if (kind === 'holds') parts.push(...words.get(value ? 'agrees' : 'disagrees'));
      else parts.push(String(value));
    }
    return plainForm(parts.join('\n'));
  };

  // ---- one long table

  class Listing {
    constructor(list, root) {
      this.list = list;
      this.root = root;
      this.body = root.querySelector('tbody');
      this.foot = root.querySelector('tfoot');
      this.pages = root.querySelector('.pages');
      this.status = root.querySelector('.status');
      this.search = root.querySelector('input[type=search]');
      this.explain = root.querySelector('.explain');
      this.picked = list.filters.map(() => '');
      this.chosen = list.rows.map((_, at) => at);
      this.sorted = null; // { column, down }
      this.page = 0;
      this.open = new Set();
      for (const note of root.querySelectorAll('.static')) note.remove();
      this.wireHead();
      this.wireTools();
    }

    wireHead() {
      this.heads = [...this.root.querySelectorAll('thead th')].slice(0, this.list.columns.length);
      this.heads.forEach((head, at) => {
        const button = node('button', '', ...head.childNodes);
        button.type = 'button';
        button.addEventListener('click', () => this.sortBy(at));
        head.replaceChildren(button);
      });
    }

    wireTools() {
      const tools = this.root.querySelector('.tools');
      if (!tools) return;
      tools.hidden = false;
      let waiting = 0;
      this.search?.addEventListener('input', () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => this.choose(), 120);
      });
      this.explain?.addEventListener('change', () => this.draw());
      this.selects = [...tools.querySelectorAll('select')];
      this.selects.forEach((select, at) => {
        select.addEventListener('change', () => {
          this.picked[at] = select.value;
          this.choose();
        });
      });
    }

    filterValue(row, [, at, index]) {
      return index === 'age' ? ageClass(row[at]) : row[at];
    }
    filterName(value, index) {
      if (index === 'age') return say(`age_${value}`);
      if (index === 'holds') return say(value ? 'agrees' : 'disagrees');
      const text = data.texts[index][value];
      return words.has(text) ? say(text) : visible(text);
    }
    nameFilters() {
      this.selects?.forEach((select, at) => {
        const filter = this.list.filters[at];
        const values = [...new Set(this.list.rows.map((row) => this.filterValue(row, filter)))].sort((a, b) => a - b);
        select.hidden = values.length < 2;
        const option = (value, text) => new Option(text, String(value), false, String(value) === this.picked[at]);
        select.replaceChildren(option('', say(filter[0])), ...values.map((value) => option(value, this.filterName(value, filter[2]))));
      });
    }

    choose() {
      const wanted = plainForm(this.search?.value ?? '').split(/\s+/).filter(Boolean);
      const rows = this.list.rows;
      if (wanted.length) this.hay ??= rows.map((row) => haystack(this.list, row));
      const active = this.list.filters.map((filter, at) => [filter, this.picked[at]]).filter(([, value]) => value !== '');
      this.chosen = [];
      for (let at = 0; at < rows.length; at += 1) {
        if (active.every(([filter, value]) => String(this.filterValue(rows[at], filter)) === value) &&
            wanted.every((part) => this.hay[at].includes(part))) this.chosen.push(at);
      }
      this.page = 0;
      this.order();
      this.draw();
    }

    sortBy(at) {
      const first = DOWN_FIRST.has(this.list.columns[at][1]);
      this.sorted = { column: at, down: this.sorted?.column === at ? !this.sorted.down : first };
      this.heads.forEach((head, each) => {
        if (each === at) head.setAttribute('aria-sort', this.sorted.down ? 'descending' : 'ascending');
        else head.removeAttribute('aria-sort');
      });
      this.page = 0;
      this.order();
      this.draw();
    }

    // Equal keys stay in the order of the files, and cells without a value stand last either way.
    order() {
      if (!this.sorted) return;
      const [, kind, at, extra] = this.list.columns[this.sorted.column];
      const { key, group } = KINDS[kind];
      const turn = this.sorted.down ? -1 : 1;
      const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
      const empty = (row) => row[at] === null || row[at] === '';
      const keyed = this.chosen.map((each) => {
        const row = this.list.rows[each];
        return empty(row) ? [each, null, null] : [each, key(row, at, extra), group ? group(row, at, extra) : ''];
      });
      keyed.sort((a, b) => {
        if (a[1] === null || b[1] === null) return (a[1] === null) - (b[1] === null) || a[0] - b[0];
        return compare(a[2], b[2]) || turn * compare(a[1], b[1]) || a[0] - b[0];
      });
      this.chosen = keyed.map((item) => item[0]);
    }

    draw(limit = data.page_rows) {
      const from = this.page * data.page_rows;
      const visibleRows = this.chosen.slice(from, from + limit);
      const made = document.createDocumentFragment();
      for (const at of visibleRows) {
        made.append(this.drawRow(at));
        if (this.list.name === 'breaks' && (this.explain?.checked || this.open.has(at))) made.append(this.drawDetail(at));
      }
      if (!this.chosen.length) {
        const cell = node('td', 'nothing', say('nothing_found'));
        cell.colSpan = this.list.columns.length + 1;
        made.append(node('tr', '', cell));
      }
      this.body.replaceChildren(made);
      this.drawStatus(from, visibleRows.length);
      this.drawPages();
      this.drawSums();
      this.root.dataset.ready = 'yes';
    }

    drawRow(at) {
      const row = this.list.rows[at];
      const line = node('tr');
      line.setAttribute('role', 'row');
      for (const [heading, kind, place, extra] of this.list.columns) {
        const cell = node('td', kind);
        cell.setAttribute('role', 'cell');
        cell.dataset[language] = say(heading);
        if (row[place] !== null && row[place] !== '') {
          cell.append(...KINDS[kind].draw(row, place, extra));
          const title = KINDS[kind].title?.(row, place);
          if (title) cell.title = visible(title);
        }
        line.append(cell);
      }
      const more = node('td', 'more');
      more.setAttribute('role', 'cell');
      more.append(this.moreButton(at));
      line.append(more);
      return line;
    }

    moreButton(at) {
      const button = node('button', '', '…');
      button.type = 'button';
      button.setAttribute('aria-label', `${say('details')}: ${visible(String(this.list.rows[at][1] ?? ''))}`);
      button.setAttribute('aria-expanded', String(this.open.has(at)));
      button.addEventListener('click', () => {
        const line = button.closest('tr');
        const opened = !this.open.delete(at);
        if (opened) this.open.add(at);
        button.setAttribute('aria-expanded', String(opened));
        line.classList.toggle('whole', opened);
        if (this.list.name !== 'breaks' || this.explain?.checked) return;
        if (opened) line.after(this.drawDetail(at));
        else line.nextSibling.remove();
      });
      return button;
    }

    drawDetail(at) {
      const row = this.list.rows[at];
      const cell = node('td', '', node('p', '', shown(sentence(row))));
      cell.colSpan = this.list.columns.length + 1;
      if (this.open.has(at)) {
        const facts = node('dl', 'facts');
        const fact = (name, value) => facts.append(node('div', '', node('dt', '', say(name)), node('dd', '', value)));
        fact('reference', shown(row[1]));
        fact('kind', words.has(data.texts.kind[row[2]]) ? say(data.texts.kind[row[2]]) : shown(data.texts.kind[row[2]]));
        for (const [name, where] of [['in_ledger', 8], ['in_settlement', 12]]) {
          if (row[where] === null) fact(name, say('no_row'));
          else fact(name, shown(`${file(row[where])}:${row[where + 1]} (${say('byte')} ${row[where + 2]}) ${row[where + 3] ?? ''}`));
        }
        cell.append(facts);
      }
      cell.setAttribute('role', 'cell');
      const line = node('tr', 'detail', cell);
      line.setAttribute('role', 'row');
      return line;
    }

    drawStatus(from, count) {
      if (!this.status) return;
      const all = this.chosen.length === this.list.rows.length ? '' : say('of_all', number(this.list.rows.length));
      this.status.textContent = this.chosen.length
        ? say('showing', number(from + 1), number(from + count), number(this.chosen.length)) + all
        : say('nothing_found');
    }

    drawPages() {
      const last = Math.max(Math.ceil(this.chosen.length / data.page_rows) - 1, 0);
      this.pages.hidden = last === 0;
      if (last === 0) return;
      const button = (name, sign, page) => {
        const made = node('button', name, sign);
        made.type = 'button';
        made.setAttribute('aria-label', say(name));
        made.disabled = page < 0 || page > last || page === this.page;
        made.addEventListener('click', () => {
          this.page = page;
          this.draw();
          const again = this.pages.querySelector(`.${name}`); // the buttons are new, the keyboard stays where it was
          (again.disabled ? this.pages.querySelector('button:enabled') : again).focus({ preventScroll: true });
          this.root.scrollIntoView({ block: 'start' });
        });
        return made;
      };
      this.pages.replaceChildren(
        button('first', '«', 0), button('previous', '‹', this.page - 1),
        node('span', '', `${number(this.page + 1)} / ${number(last + 1)}`),
        button('next', '›', this.page + 1), button('last', '»', last));
    }

    // Sums of what the search and the filters leave, in whole minor units.
    drawSums() {
      if (!this.foot) return;
      const sums = new Map();
      const add = (currency, place, value) => {
        if (!sums.has(currency)) sums.set(currency, [0, 0n, 0n, 0n]);
        sums.get(currency)[place] += place ? BigInt(value ?? 0) : value;
      };
      for (const at of this.chosen) {
        const row = this.list.rows[at];
        add(row[3], 0, 1);
        add(row[3], 1, row[4]);
        add(row[7] ?? row[3], 2, row[5]);
        add(row[3], 3, row[6]);
      }
      const code = (currency) => data.currencies[currency][0];
      const lines = [...sums].sort((a, b) => (code(a[0]) < code(b[0]) ? -1 : 1)).map(([currency, [count, ...amounts]]) => {
        const head = node('th', '', count ? say('totals_of', number(count)) : say('total'));
        head.scope = 'row';
        head.colSpan = 2;
        const end = node('td');
        end.colSpan = 5;
        return node('tr', '', head, node('td', '', code(currency)), ...amounts.map((amount) => node('td', 'money', money(amount, currency))), end);
      });
      this.foot.replaceChildren(...lines);
    }

    printed(on) {
      const note = this.root.querySelector('.printed');
      if (on) this.kept = this.page;
      this.page = on ? 0 : (this.kept ?? this.page);
      this.draw(on ? data.print_rows : data.page_rows);
      note.hidden = !on || this.chosen.length <= data.print_rows;
      note.textContent = note.hidden ? '' : say('printed', number(data.print_rows), number(this.chosen.length));
    }

    speak() {
      this.nameFilters();
      this.draw();
    }
  }

  // ---- the page

  const lists = data.lists.map((list) => [list, document.getElementById(`list-${list.name}`)])
    .filter(([, root]) => root).map(([list, root]) => new Listing(list, root));
  const speak = (chosen) => {
    language = chosen;
    document.documentElement.lang = chosen;
    for (const name of ['aria-label', 'placeholder']) {
      for (const each of document.querySelectorAll(`[data-${name}-${chosen}]`)) each.setAttribute(name, each.getAttribute(`data-${name}-${chosen}`));
    }
    for (const list of lists) list.speak();
  };
  for (const choice of document.querySelectorAll('input[name=language]')) {
    choice.addEventListener('change', () => speak(choice.value));
  }
  window.addEventListener('beforeprint', () => lists.forEach((list) => list.printed(true)));
  window.addEventListener('afterprint', () => lists.forEach((list) => list.printed(false)));
  // A browser that goes back to this page may have kept the switch where it was left.
  speak(document.querySelector('input[name=language]:checked')?.value ?? language);
  document.documentElement.classList.add('alive');
})();
