// Fills report_template.html from the JSON that report.cc puts into it.
//
// report_page.js and frame_charts.js come before this.
'use strict';

const summary = data.summary;
const names = Object.keys(summary.controllers);
const compared = names.filter((name) => summary.controllers[name].bd_rate);
// What the verdict is about: the first whose targets can be judged.
const primary =
    compared.find((name) => summary.controllers[name].overshoot) || compared[0];
const tests = compared.length === 0 ?
    [] :
    [primary, ...compared.filter((name) => name !== primary)];
const SLIGHT_OVERLAP = 0.5;
const BAR_LIMIT = 60;  // Percent; longer bars are cut.

const COLOURS =
    ['#2457c5', '#0f9d76', '#b5309b', '#7a5af5', '#0891b2', '#65870b'];
const ANCHOR_COLOUR = '#d9730d';
const POINT_STYLES =
    ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot'];

// ---- Names and colours ----

function shortened(text, length) {
  return text.length <= length ? text : text.slice(0, length - 1) + '…';
}

function colourOf(controller) {
  if (controller === summary.anchor) return ANCHOR_COLOUR;
  return COLOURS[Math.max(0, tests.indexOf(controller)) % COLOURS.length];
}

function controllerLabel(controller) {
  const swatch = element('span', {class: 'swatch'});
  swatch.style.background = colourOf(controller);
  return element('span', {}, swatch, controller);
}

// ---- Header, tiles ----

function fillHeader() {
  byId('verdict').textContent = data.verdicts[0];
  const others = data.verdicts.slice(1);
  byId('other-verdicts').hidden = others.length === 0;
  byId('other-verdicts')
      .append(...others.map((verdict) => element('li', {}, verdict)));
  const clips = summary.per_clip.length;
  byId('meta').textContent = [
    `${clips} clip${clips === 1 ? '' : 's'}`,
    `anchor ${summary.anchor}`,
    summary.machine,
    summary.date,
    summary.revision && `revision ${summary.revision}`,
  ].filter(Boolean).join(' · ');
}

function fillTiles() {
  if (!primary) return;
  const {bd_rate: {psnr}, overshoot} = summary.controllers[primary];
  byId('tiles').append(
      tile(
          signed(psnr.mean), `mean BD-rate of ${primary}, PSNR`,
          tone(psnr.mean)),
      tile(percent(psnr.share_improved), 'of clips improved'),
      tile(signed(psnr.worst), 'worst clip', tone(psnr.worst)));
  if (!overshoot) return;
  byId('tiles').append(tile(
      percent(overshoot.share_over_2pct),
      'of encodes more than 2 % over target'));
}

// ---- Tables of controllers ----

function bdRateRow(controller, measure, isFirst) {
  const {clips, bd_rate} = summary.controllers[controller];
  const numbers = bd_rate[measure.id];
  return element(
      'tr', {class: isFirst ? 'group' : ''},
      element(
          'td', {class: 'text'}, isFirst ? controllerLabel(controller) : ''),
      element('td', {class: 'text'}, measure.label),
      element('td', {class: tone(numbers.mean)}, signed(numbers.mean)),
      element('td', {class: tone(numbers.median)}, signed(numbers.median)),
      element('td', {class: tone(numbers.worst)}, signed(numbers.worst)),
      element('td', {}, percent(numbers.share_improved)),
      element('td', {}, `${numbers.clips} of ${clips}`));
}

function failures() {
  const list = [];
  for (const controller of tests) {
    for (const measure of data.measures) {
      const {failed} = summary.controllers[controller].bd_rate[measure.id];
      for (const {clip, reason} of failed) {
        list.push(`${clip}, ${controller}, ${measure.label}: ${reason}`);
      }
    }
  }
  return list;
}

function fillBdRate() {
  const host = byId('bd-rate');
  byId('bd-rate-lead').textContent = `Bitrate at equal quality against ${
      summary.anchor}; negative: fewer bits.`;
  if (tests.length === 0) {
    host.append(element('p', {class: 'missing'}, data.verdicts[0]));
    return;
  }
  const rows = tests.flatMap(
      (controller) => data.measures.map(
          (measure, i) => bdRateRow(controller, measure, i === 0)));
  host.append(element(
      'table', {}, headRow([
        ['controller', 'text'], ['quality', 'text'], ['mean'], ['median'],
        ['worst clip'], ['clips improved'], ['compared']
      ]),
      element('tbody', {}, ...rows)));
  const list = listOf('Curves without a BD-rate', failures(), false);
  if (list) host.append(list);
}

function overshootRow(controller) {
  const numbers = summary.controllers[controller].overshoot;
  return element(
      'tr', {}, element('td', {class: 'text'}, controllerLabel(controller)),
      element('td', {}, number(numbers.encodes)),
      element('td', {}, percent(numbers.mean, 2)),
      element('td', {}, percent(numbers.worst, 1)),
      element('td', {}, percent(numbers.share_over_0_5pct)),
      element('td', {}, percent(numbers.share_over_2pct)),
      element('td', {}, percent(numbers.mean_abs_deviation, 2)),
      element('td', {}, number(numbers.infeasible.length)));
}

function fillOvershoot() {
  const host = byId('overshoot');
  const targeted = names.filter((name) => summary.controllers[name].overshoot);
  if (targeted.length === 0) {
    host.append(element('p', {class: 'missing'}, 'No encode had a target.'));
    return;
  }
  host.append(element(
      'table', {}, headRow([
        ['controller', 'text'], ['encodes'], ['mean overshoot'], ['worst'],
        ['over by > 0.5 %'], ['over by > 2 %'], ['mean deviation'],
        ['infeasible']
      ]),
      element('tbody', {}, ...targeted.map(overshootRow))));
  const items = targeted.flatMap(
      (name) => summary.controllers[name].overshoot.infeasible.map(
          (encode) => `${encode.clip}, ${name}: target ${
                          number(encode.target_kbps)}, ` +
              `floor ${number(encode.floor_kbps)}, ` +
              `encoded ${number(encode.bitrate_kbps)} kbps`));
  const list = listOf('Infeasible targets', items, false);
  if (list) host.append(list);
}

// ---- BD-rate per clip ----

let barMeasure = 'psnr';

function bdRateOf(entry, controller, measure) {
  const found = entry.controllers[controller];
  return found && found.bd_rate ? found.bd_rate[measure] : null;
}

function percentOf(entry, controller, measure) {
  const found = bdRateOf(entry, controller, measure);
  return found ? found.percent : null;
}

// Best first; those without a number last.
function clipsByBdRate() {
  const rank = (entry) =>
      percentOf(entry, primary, barMeasure) ?? Number.POSITIVE_INFINITY;
  return [...summary.per_clip].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x === y ? 0 : x - y;
  });
}

// One clip far away must not make all other bars too short to read.
function barLimits(datasets) {
  const values =
      datasets.flatMap(({data: row}) => row).filter((value) => value !== null);
  return Math.max(...values) > BAR_LIMIT ? {max: BAR_LIMIT} : {};
}

function barConfig() {
  const entries = clipsByBdRate();
  const datasets = tests.map((controller) => {
    const values =
        entries.map((entry) => percentOf(entry, controller, barMeasure));
    return {
      label: controller,
      data: values,
      backgroundColor: tests.length > 1 ?
          colourOf(controller) :
          values.map((value) => value < 0 ? GOOD : BAD),
      minBarLength: 2,
      maxBarThickness: 16,
    };
  });
  const labels = entries.map(
      (entry) => shortened(entry.clip, innerWidth < 760 ? 18 : 40) +
          (percentOf(entry, primary, barMeasure) === null ? ' (none)' : ''));
  const limits = barLimits(datasets);
  const scale = {
    ...limits,
    title: axisTitle(
        `BD-rate against ${summary.anchor}, %` +
        (limits.max ? ` (bars cut at +${BAR_LIMIT} %)` : '')),
    grid: {
      color: (line) => line.tick.value === 0 ? 'rgba(23, 32, 51, 0.55)' :
                                               'rgba(23, 32, 51, 0.08)'
    }
  };
  return {
    type: 'bar',
    data: {labels, datasets},
    options: {
      indexAxis: 'y',
      scales: {x: scale, y: {ticks: {autoSkip: false}, grid: {display: false}}},
      plugins: {
        legend: {display: tests.length > 1, position: 'top'},
        tooltip: {
          callbacks: {
            title: ([item]) => entries[item.dataIndex].clip,
            label: (item) => `${item.dataset.label}: ${signed(item.raw)}`,
          }
        },
      },
    },
  };
}

function fillBars() {
  const host = byId('bars');
  const known = (measure) => tests.some(
      (controller) =>
          summary.controllers[controller].bd_rate[measure.id].clips > 0);
  const measures = data.measures.filter(known);
  if (measures.length === 0) {
    byId('bar-controls').remove();
    host.append(element('p', {class: 'missing'}, data.verdicts[0]));
    return;
  }
  barMeasure = measures[0].id;
  const plot = element('div', {class: 'plot'});
  const rows = summary.per_clip.length;
  plot.style.height = `${70 + rows * Math.max(20, 6 + 13 * tests.length)}px`;
  host.append(element('div', {class: 'bars'}, plot));
  const slot = addSlot(plot, 'BD-rate per clip', barConfig);
  byId('bar-controls')
      .append(choice(
          'Quality', measures.map(({id, label}) => [id, label]), (id) => {
            barMeasure = id;
            redraw(slot);
          }));
}

// ---- Table of clips ----

// The notes of one row: reasons for missing numbers, said once each.
function notes(result) {
  const reasons = new Map();
  for (const {id, label} of data.measures) {
    const {reason} = result.bd_rate[id];
    if (reason) reasons.set(reason, [...(reasons.get(reason) || []), label]);
  }
  return [...reasons].map(
      ([reason, labels]) => labels.length === data.measures.length ?
          reason :
          `${labels.join('; ')}: ${reason}`);
}

// The name, with what there is to say about the numbers beside it.
function clipCell(entry, index, result) {
  const cell = element(
      'td', {class: 'text clip'},
      element('a', {href: `#clip-${index}`}, entry.clip));
  const {percent: value, anchor_share: share} = result.bd_rate.psnr;
  if (value !== null && share < SLIGHT_OVERLAP) {
    cell.append(' ', element('span', {class: 'flag'}, 'slight overlap'));
  }
  cell.append(
      ...notes(result).map((note) => element('div', {class: 'note'}, note)));
  return cell;
}

function clipRow(entry, index, controller) {
  const result = entry.controllers[controller];
  const {bd_rate, overshoot, bd_psnr_db} = result;
  const values = data.measures.map(({id}) => bd_rate[id].percent);
  const overlap = bd_rate.psnr.anchor_share;
  const row = element(
      'tr', {}, clipCell(entry, index, result),
      element('td', {class: 'text'}, controllerLabel(controller)),
      ...values.map(
          (value) => element('td', {class: tone(value)}, signed(value))),
      element('td', {}, signed(bd_psnr_db, 2, '')),
      element('td', {}, percent(overlap)),
      element('td', {}, percent(overshoot && overshoot.mean, 1)),
      element('td', {}, percent(overshoot && overshoot.mean_abs_deviation, 1)));
  row.controller = controller;
  row.keys = [
    entry.clip, controller, ...values, bd_psnr_db, overlap ?? null,
    overshoot && overshoot.mean, overshoot && overshoot.mean_abs_deviation
  ];
  return row;
}

function fillClipTable() {
  const host = byId('clip-table');
  const rows = summary.per_clip.flatMap(
      (entry, index) =>
          tests.filter((controller) => entry.controllers[controller])
              .map((controller) => clipRow(entry, index, controller)));
  if (rows.length === 0) {
    host.remove();  // The place of the bars says why.
    return;
  }
  const titles = [
    'clip', 'controller', ...data.measures.map(({label}) => label),
    'BD-PSNR, dB', 'overlap', 'overshoot', 'deviation'
  ];
  host.append(sortableTable(titles, rows, 2, 2));
  if (tests.length < 2) return;
  const show = (controller) => rows.forEach((row) => {
    row.hidden = controller !== '' && row.controller !== controller;
  });
  byId('table-controls')
      .append(choice(
          'Controller', [...tests.map((name) => [name, name]), ['', 'all']],
          show));
  show(primary);
}

// ---- One card for each clip ----

const view = {
  measure: 'psnr',
  axis: 'linear'
};

// Points are [kbps, PSNR mean, luma, global, SSIM, target]; see report.cc.
function qualityOf(point) {
  const value =
      point[1 + data.measures.findIndex(({id}) => id === view.measure)];
  if (value === null) return null;
  return view.measure === 'ssim' ? -10 * Math.log10(1 - value) : value;
}

function rdDataset(controller, points) {
  const colour = colourOf(controller);
  return {
    label: controller,
    data: points.map((point) => ({x: point[0], y: qualityOf(point), point}))
              .filter(({y}) => y !== null && Number.isFinite(y))
              .sort((a, b) => a.x - b.x),
    showLine: true,
    cubicInterpolationMode: 'monotone',
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2,
    pointStyle: controller === summary.anchor ?
        'rectRot' :
        POINT_STYLES[tests.indexOf(controller) % POINT_STYLES.length],
    pointRadius: 4,
  };
}

// Ticks of a logarithmic axis that do not collide.
function logTick(value) {
  const lead = Number(String(value.toExponential(0))[0]);
  return [1, 2, 5].includes(lead) ? number(value) : '';
}

function rdConfig(clip) {
  const {curves} = data.clips[clip];
  const label = data.measures.find(({id}) => id === view.measure).label;
  return {
    type: 'scatter',
    data: {
      datasets: [summary.anchor, ...tests]
                    .filter((name) => curves[name])
                    .map((name) => rdDataset(name, curves[name]))
    },
    options: {
      scales: {
        x: {
          type: view.axis,
          title: axisTitle('bitrate, kbps'),
          ticks: view.axis === 'linear' ? {} : {callback: logTick}
        },
        y: {title: axisTitle(`${label}, dB`)},
      },
      plugins: {
        legend: {position: 'top', align: 'start'},
        tooltip: {
          callbacks: {
            label: ({dataset, raw}) =>
                `${dataset.label}: ${number(raw.x)} kbps, ${
                    raw.y.toFixed(2)} dB` +
                (raw.point[5] > 0 ? ` (target ${number(raw.point[5])})` : '')
          }
        },
      },
    },
  };
}

function traceTabs(traces, onChoose) {
  const buttons = traces.map(
      (trace, i) => element(
          'button', {type: 'button', 'aria-pressed': String(i === 0)},
          trace.controller +
              (trace.target_kbps > 0 ? `, ${number(trace.target_kbps)} kbps` :
                                       '')));
  buttons.forEach((button, i) => button.addEventListener('click', () => {
    buttons.forEach(
        (other) =>
            other.setAttribute('aria-pressed', String(other === button)));
    onChoose(traces[i]);
  }));
  return element('div', {class: 'tabs'}, ...buttons);
}

// The primary controller's encode first, the anchor's last.
function tracesOf(clip) {
  const rank = ({controller}) => controller === primary ? 0 :
      controller === summary.anchor                     ? 2 :
                                                          1;
  return (data.traces[clip] || [])
      .filter(({frames}) => frames.length > 0)
      .sort((a, b) => rank(a) - rank(b));
}

function framePlots(clip) {
  const traces = tracesOf(clip);
  if (traces.length === 0) {
    return element(
        'p', {class: 'missing'}, 'The frames of this clip were not kept.');
  }
  let trace = traces[0];
  const qp = element('div', {class: 'plot qp'});
  const bits = element('div', {class: 'plot bits'});
  const plots = [
    addSlot(qp, `QP per frame, ${clip}`, () => qpConfig(trace)),
    addSlot(bits, `Bits per frame, ${clip}`, () => bitsConfig(trace))
  ];
  const tabs = traceTabs(traces, (chosen) => {
    trace = chosen;
    plots.forEach(redraw);
  });
  return element('div', {}, tabs, qp, bits);
}

function resultLabel(entry, controller) {
  const {percent: value, reason} = entry.controllers[controller].bd_rate.psnr;
  return element(
      'span', {class: 'result', title: reason || null},
      controllerLabel(controller), ' ',
      value === null ? 'no BD-rate' :
                       element('b', {class: tone(value)}, signed(value)));
}

const rdSlots = [];

function clipCard(entry, index) {
  const facts = data.clips[entry.clip];
  const rd = element('div', {class: 'plot rd'});
  rdSlots.push(
      addSlot(rd, `RD curves, ${entry.clip}`, () => rdConfig(entry.clip)));
  const head = element(
      'div', {class: 'clip-head'}, element('h3', {}, entry.clip),
      element(
          'span', {class: 'facts'},
          `${facts.width}×${facts.height}, ${number(facts.frame_rate)} fps, ` +
              `${number(facts.frames)} frames`),
      ...tests.filter((controller) => entry.controllers[controller])
          .map((controller) => resultLabel(entry, controller)));
  return element(
      'article', {class: 'card', id: `clip-${index}`}, head,
      element('div', {class: 'clip-body'}, rd, framePlots(entry.clip)));
}

function fillClips() {
  const cards = summary.per_clip.map(clipCard);
  byId('clips').append(...cards);
  const change = (field) => (value) => {
    view[field] = value;
    rdSlots.forEach(redraw);
  };
  const find =
      element('input', {type: 'search', placeholder: 'name of a clip'});
  find.addEventListener('input', () => cards.forEach((card, i) => {
    const name = summary.per_clip[i].clip.toLowerCase();
    card.hidden = !name.includes(find.value.toLowerCase());
  }));
  byId('clip-controls')
      .append(
          choice(
              'Quality', data.measures.map(({id, label}) => [id, label]),
              change('measure')),
          choice(
              'Bitrate axis', [['linear', 'linear'], ['logarithmic', 'log']],
              change('axis')),
          element('label', {}, 'Show ', find));
}

// ---- Settings ----

function fillSettings() {
  const rows = [
    ['anchor', summary.anchor],
    ['targets', summary.targets],
    ...Object.entries(summary.settings),
    ['revision', summary.revision],
    ...Object.entries(summary.versions),
    ['machine', summary.machine],
    ['date', summary.date],
    ['command', summary.command_line],
  ];
  byId('settings').append(factTable(rows));
}

fillHeader();
fillTiles();
fillBdRate();
fillOvershoot();
fillBars();
fillClipTable();
fillClips();
fillSettings();
finishPage();
