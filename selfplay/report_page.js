// What all reports share: text, elements, charts that are drawn when they come
// into view.  The script of a report follows, and ends with finishPage().
//
// All text goes into the page as text (textContent), never as HTML: names of
// clips are whatever files are called.
'use strict';

const data = JSON.parse(document.getElementById('report-data').textContent);
const GOOD = '#158f5f';
const BAD = '#d13b2e';

// ---- Text ----

function signed(value, digits = 1, unit = ' %') {
  if (value === null || value === undefined) return '–';
  const text = Math.abs(value).toFixed(digits);
  const sign = Number(text) === 0 ? '' : value < 0 ? '−' : '+';
  return sign + text + unit;
}

function percent(share, digits = 0) {
  if (share === null || share === undefined) return '–';
  return (100 * share).toFixed(digits) + ' %';
}

function number(value) {
  return Number(value).toLocaleString('en', {maximumFractionDigits: 2});
}

function tone(value) {
  if (value === null || value === undefined || Math.abs(value) < 0.05)
    return '';
  return value < 0 ? 'good' : 'bad';
}

// ---- Elements ----

// element('td', {class: 'text'}, 'words', child, ...)
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

// A table of [name, value] rows, without a head.
function factTable(rows) {
  return element(
      'table', {},
      element(
          'tbody', {},
          ...rows.map(
              ([name, value]) => element(
                  'tr', {}, element('td', {class: 'text'}, name),
                  element('td', {class: 'text wrap'}, value)))));
}

function headRow(titles) {
  return element(
      'thead', {},
      element(
          'tr', {},
          ...titles.map(
              ([title, kind]) => element('th', {class: kind || ''}, title))));
}

function choice(label, options, onChange) {
  const select = element(
      'select', {},
      ...options.map(([value, text]) => element('option', {value}, text)));
  select.addEventListener('change', () => onChange(select.value));
  return element('label', {}, label + ' ', select);
}

function tile(value, caption, kind = '') {
  return element(
      'div', {class: 'tile'}, element('b', {class: kind}, value),
      element('span', {}, caption));
}

function listOf(title, items, isOpen) {
  if (items.length === 0) return null;
  return element(
      'details', {open: isOpen ? '' : null},
      element('summary', {}, `${title} (${items.length})`),
      element('ul', {}, ...items.map((item) => element('li', {}, item))));
}

// Numbers by size and text by letters; rows without a value always last.
function compareKeys(a, b, direction) {
  if (a === null || b === null) return (a === null) - (b === null);
  const order = typeof a === 'string' ? a.localeCompare(b) : a - b;
  return direction * order;
}

function sortBy(table, column, heading) {
  const isAscending = heading.getAttribute('aria-sort') !== 'ascending';
  table.querySelectorAll('th').forEach((th) => th.removeAttribute('aria-sort'));
  heading.setAttribute('aria-sort', isAscending ? 'ascending' : 'descending');
  const rows = [...table.tBodies[0].rows];
  rows.sort(
      (a, b) =>
          compareKeys(a.keys[column], b.keys[column], isAscending ? 1 : -1));
  table.tBodies[0].append(...rows);
}

// A table that is sorted by the heading that is clicked, and by `column` first.
// Each of `rows`, <tr> elements, has its values by column in `keys`; the first
// `textColumns` columns are text.
function sortableTable(titles, rows, textColumns, column = 0) {
  const table = element('table', {});
  const headings = titles.map((title, i) => {
    const button = element('button', {type: 'button'}, title);
    const heading =
        element('th', {class: i < textColumns ? 'text' : ''}, button);
    button.addEventListener('click', () => sortBy(table, i, heading));
    return heading;
  });
  table.append(
      element('thead', {}, element('tr', {}, ...headings)),
      element('tbody', {}, ...rows));
  sortBy(table, column, headings[column]);
  return table;
}

// ---- Charts, drawn when they come into view ----

Chart.defaults.animation = false;
Chart.defaults.locale = 'en';
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.color = '#5b667a';
Chart.defaults.borderColor = 'rgba(23, 32, 51, 0.08)';
Chart.defaults.plugins.legend.labels.usePointStyle = true;
Chart.defaults.plugins.legend.labels.boxHeight = 7;
Chart.defaults.plugins.legend.labels.boxWidth = 9;

const root = document.documentElement;
const slots = new Set();
let drawAll = location.hash === '#all';

function showCounts() {
  root.dataset.charts = slots.size;
  root.dataset.chartsDrawn = [...slots].filter((slot) => slot.drawn).length;
}

// Whether something opaque, and so not the grid, is inside the axes.
function hasInk(chart) {
  const ratio = chart.currentDevicePixelRatio;
  const {left, top, width, height} = chart.chartArea;
  if (!(width > 0 && height > 0)) return false;
  const {data: pixels} = chart.ctx.getImageData(
      left * ratio, top * ratio, width * ratio, height * ratio);
  for (let i = 3; i < pixels.length; i += 4) {
    if (pixels[i] >= 160) return true;
  }
  return false;
}

function draw(slot) {
  if (slot.chart) return;
  const canvas = element('canvas', {role: 'img', 'aria-label': slot.label});
  slot.host.replaceChildren(canvas);
  slot.chart = new Chart(canvas, slot.config());
  if (hasInk(slot.chart)) {
    slot.drawn = true;
    showCounts();
  }
}

function erase(slot) {
  if (!slot.chart) return;
  slot.chart.destroy();
  slot.chart = null;
  slot.host.replaceChildren();
}

function redraw(slot) {
  if (!slot.chart) return;
  erase(slot);
  draw(slot);
}

// By host.  Not a property of it: elements have a `slot` of their own.
const slotOf = new WeakMap();

// Charts far out of view are given up, so that a page of hundreds stays light.
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const slot = slotOf.get(entry.target);
    if (entry.isIntersecting)
      draw(slot);
    else if (!drawAll)
      erase(slot);
  }
}, {rootMargin: '700px 0px'});

// `config` is called whenever the chart is drawn.
function addSlot(host, label, config) {
  const slot = {host, label, config, chart: null, drawn: false};
  slotOf.set(host, slot);
  slots.add(slot);
  watcher.observe(host);
  return slot;
}

function drawEverything() {
  drawAll = true;
  slots.forEach(draw);
}

function axisTitle(text) {
  return {display: true, text, font: {size: 12}};
}

function finishPage() {
  showCounts();
  if (drawAll) drawEverything();
  addEventListener('hashchange', () => {
    if (location.hash === '#all') drawEverything();
  });
  addEventListener('beforeprint', drawEverything);
  // For the test of this page: what it has fetched, which must be nothing.
  root.dataset.fetched = performance.getEntriesByType('resource').length;
}
