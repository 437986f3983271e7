// Fills encode_report.html from the JSON that encode_report.cc puts into it.
//
// report_page.js and frame_charts.js come before this.
'use strict';

// Fields of a frame; before them are those of frame_charts.js.
const TYPE = 1, Q_INDEX = 2, BITS = 3, PSNR = 4, PLANNED = 5, PREDICTED = 6;
const FRAMES_AT_ONCE = 3000;
const MOST_BARS = 240;
const PLAN_COLOUR = '#7a5af5';
const RATE_COLOUR = '#2457c5';
const LIBVPX_COLOUR = '#0f9d76';

const {frames, libvpx, target_kbps: target} = data;
const frameSeconds = data.seconds / Math.max(1, data.shown_frames);
const isPlanned = frames.some((frame) => frame[PLANNED] !== null);
const view = {
  begin: 0
};

// ---- Text ----

function whole(value) {
  return Math.round(value).toLocaleString('en');
}

function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${
      String(Math.floor(seconds - 60 * minutes)).padStart(2, '0')}`;
}

function sum(values) {
  return values.reduce((a, b) => a + b, 0);
}

function mean(values) {
  return values.length === 0 ? null : sum(values) / values.length;
}

function deviation() {
  return target === null ? null : 100 * (data.bitrate_kbps / target - 1);
}

// ---- Header, tiles ----

function fillHeader() {
  const rate = `${number(data.bitrate_kbps)} kbit/s`;
  const aim = target === null ?
      '' :
      ` (${signed(deviation(), 2)} of its target)`;
  const name = data.output.split('/').pop();
  byId('verdict').textContent =
      `${name}: ${rate}${aim}, PSNR ${data.psnr_db.mean.toFixed(2)} dB.`;
  byId('meta').textContent = [
    `from ${data.input}`,
    `controller ${data.controller}`,
    `${whole(data.shown_frames)} frames in ${clock(data.seconds)}`,
  ].join(' · ');
}

function fillTiles() {
  const hidden = frames.length - data.shown_frames;
  byId('tiles').append(
      tile(number(data.bitrate_kbps), 'kbit/s'),
      tile(
          signed(deviation(), 2),
          target === null ? 'no target' : `of ${number(target)} kbit/s`,
          target === null ? '' : tone(Math.max(0, deviation()))),
      tile(data.psnr_db.mean.toFixed(2) + ' dB', 'PSNR, mean'),
      tile(whole(data.shown_frames), `frames shown, and ${whole(hidden)} hidden`));
  if (!libvpx) return;
  byId('tiles').append(tile(
      signed(data.psnr_db.mean - libvpx.psnr_db, 2, ' dB'),
      `against libvpx, which has ${libvpx.psnr_db.toFixed(2)} dB at ${
          number(libvpx.bitrate_kbps)} kbit/s`));
}

// ---- Frames ----

// Those of the part of a long video that is looked at.
function inView([shown]) {
  return shown >= view.begin && shown < view.begin + FRAMES_AT_ONCE;
}

function trace() {
  return {frames: frames.filter(inView)};
}

// What was planned, behind what became of it.
function addPlan(config, label, field) {
  const planned = trace().frames.filter((frame) => frame[field] !== null);
  if (planned.length === 0) return config;
  config.data.datasets.push({
    label,
    data: planned.map((frame) => ({x: frame[0], y: frame[field], frame})),
    pointStyle: 'cross',
    pointRadius: 3.5,
    borderColor: PLAN_COLOUR,
    backgroundColor: PLAN_COLOUR,
    borderWidth: 1.5
  });
  return config;
}

// What libvpx did with the same frame, if it was asked.
function addLibvpx(config, field) {
  if (!libvpx) return config;
  const points =
      libvpx.frames.filter(inView).filter((frame) => frame[field] !== null);
  config.data.datasets.push({
    label: 'libvpx',
    data: points.map((frame) => ({x: frame[0], y: frame[field], frame})),
    pointStyle: 'circle',
    pointRadius: 1.6,
    borderColor: LIBVPX_COLOUR,
    backgroundColor: LIBVPX_COLOUR,
    borderWidth: 1
  });
  return config;
}

function qpPlot() {
  return addLibvpx(
      addPlan(qpConfig(trace()), 'planned', PLANNED), Q_INDEX);
}

function bitsPlot() {
  const config = addLibvpx(
      addPlan(bitsConfig(trace()), 'foretold', PREDICTED), BITS);
  const {y} = config.options.scales;
  const all = config.data.datasets.flatMap(
      (dataset) => dataset.data.map((point) => Math.max(1, point.y)));
  y.min = least(all) / 2;
  y.max = most(all) * 2;
  config.options.plugins.legend.display = isPlanned;
  config.options.plugins.legend.align = 'start';
  config.options.scales.x.ticks.display = false;
  config.options.scales.x.title = {display: false};
  return config;
}

function psnrPlot() {
  const part = {frames: trace().frames.filter((frame) => frame[PSNR] !== null)};
  const config = frameConfig(
      part, (frame) => frame[PSNR],
      {title: axisTitle('PSNR, dB'), grace: '8%', afterFit: fixedWidth}, false);
  config.options.plugins.tooltip.callbacks.label = ({dataset, raw}) =>
      `frame ${raw.frame[0]}, ${dataset.label}: ${raw.y.toFixed(2)} dB`;
  return addLibvpx(config, PSNR);
}

function fillFrames() {
  byId('frames-lead').textContent =
      `Every coded frame, ${whole(frames.length)} of them, at its place among ` +
      `the shown frames${isPlanned ? '; and what was planned for it' : ''}.`;
  const plots =
      [['qp', 'QP', qpPlot], ['bits', 'Bits', bitsPlot],
       ['psnr', 'PSNR', psnrPlot]].map(([kind, name, config]) => {
        const plot = element('div', {class: `plot ${kind}`});
        byId('frames').append(plot);
        return addSlot(plot, `${name} per frame`, config);
      });
  if (data.shown_frames <= FRAMES_AT_ONCE) return;
  const parts = [];
  for (let i = 0; i < data.shown_frames; i += FRAMES_AT_ONCE) {
    parts.push([i, `from ${clock(i * frameSeconds)}`]);
  }
  byId('controls').append(choice('Part', parts, (begin) => {
    view.begin = Number(begin);
    plots.forEach(redraw);
  }));
}

// ---- Bitrate over time ----

// Bits by stretch of time, of a second or more.
function stretches(frames) {
  const seconds = Math.max(1, Math.ceil(data.seconds / MOST_BARS));
  const bits = new Array(Math.max(1, Math.ceil(data.seconds / seconds))).fill(0);
  for (const frame of frames) {
    const at = Math.floor(frame[0] * frameSeconds / seconds);
    bits[Math.min(at, bits.length - 1)] += frame[BITS];
  }
  return {seconds, bits};
}

// From stretches to [{x: end in seconds, y: kbit/s}].
function rates({seconds, bits}) {
  return bits.map((spent, i) => {
    const end = Math.min((i + 1) * seconds, data.seconds);
    return {x: end, y: spent / 1000 / (end - i * seconds)};
  });
}

function line(label, points, colour, options = {}) {
  return {
    type: 'line',
    label,
    data: points,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2,
    pointRadius: 0,
    pointHitRadius: 8,
    pointStyle: 'line',
    ...options
  };
}

function timeConfig(datasets, yTitle, unit) {
  return {
    type: 'scatter',
    data: {datasets},
    options: {
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: data.seconds,
          title: axisTitle('time'),
          ticks: {maxRotation: 0, precision: 0, callback: clock}
        },
        y: {title: axisTitle(yTitle), beginAtZero: true}
      },
      plugins: {
        legend: {position: 'top', align: 'start'},
        tooltip: {
          callbacks: {
            label: ({dataset, raw}) =>
                `${dataset.label}, ${clock(raw.x)}: ${number(raw.y)} ${unit}`
          }
        }
      }
    }
  };
}

const DASHED = {
  borderDash: [6, 5],
  borderWidth: 1.4
};
const TARGET_COLOUR = 'rgba(23, 32, 51, 0.6)';

function rateConfig() {
  const found = stretches(frames);
  const points = rates(found);
  let spent = 0;
  const soFar = points.map(({x}, i) => {
    spent += found.bits[i];
    return {x, y: spent / 1000 / x};
  });
  // Steps that stand over their stretch of time.
  const steps = [{x: 0, y: points[0].y}, ...points];
  const datasets = [
    line(
        found.seconds === 1 ? 'each second' : `each ${found.seconds} seconds`,
        steps, RATE_COLOUR,
        {stepped: 'after', fill: true, backgroundColor: '#2457c540'}),
    line('mean so far', soFar, '#d9730d')
  ];
  if (libvpx) {
    const theirs = rates(stretches(libvpx.frames));
    datasets.push(line(
        'libvpx', [{x: 0, y: theirs[0].y}, ...theirs], LIBVPX_COLOUR,
        {stepped: 'after', borderWidth: 1.4}));
  }
  if (target !== null) {
    datasets.push(line(
        'target', [{x: 0, y: target}, {x: data.seconds, y: target}],
        TARGET_COLOUR, DASHED));
  }
  return timeConfig(datasets, 'kbit/s', 'kbit/s');
}

// [{x: seconds, y: kB up to then}]
function sums(frames) {
  const found = stretches(frames);
  let spent = 0;
  const points = rates(found).map(({x}, i) => {
    spent += found.bits[i];
    return {x, y: spent / 8e3};
  });
  return [{x: 0, y: 0}, ...points];
}

function spentConfig() {
  const datasets = [line('spent', sums(frames), RATE_COLOUR)];
  if (libvpx) {
    datasets.push(
        line('libvpx', sums(libvpx.frames), LIBVPX_COLOUR, {borderWidth: 1.4}));
  }
  if (target !== null) {
    datasets.push(line(
        'target, at an even pace',
        [{x: 0, y: 0}, {x: data.seconds, y: target * data.seconds / 8}],
        TARGET_COLOUR, DASHED));
  }
  return timeConfig(datasets, 'kB', 'kB');
}

function rateCard(title, note, config) {
  const plot = element('div', {class: 'plot rate'});
  addSlot(plot, title, config);
  return element(
      'article', {class: 'card'}, element('h3', {}, title),
      element('p', {}, note), plot);
}

function fillRates() {
  byId('rates').append(
      rateCard(
          'Bitrate', 'Hidden frames count where they stand.', rateConfig),
      rateCard('Spent so far', 'All bits up to a time.', spentConfig));
}

// ---- Tables ----

function typeRow(frames, type, id) {
  const allBits = Math.max(1, sum(frames.map((frame) => frame[BITS])));
  const some = frames.filter((frame) => frame[TYPE] === id);
  if (some.length === 0) return null;
  const bits = some.map((frame) => frame[BITS]);
  const psnr = some.map((frame) => frame[PSNR]).filter((db) => db !== null);
  const quality = mean(psnr);
  return element(
      'tr', {}, element('td', {class: 'text'}, type),
      element('td', {}, whole(some.length)),
      element('td', {}, mean(some.map((frame) => frame[Q_INDEX])).toFixed(1)),
      element('td', {}, whole(sum(bits))),
      element('td', {}, percent(sum(bits) / allBits, 1)),
      element('td', {}, whole(mean(bits))),
      element('td', {}, quality === null ? '–' : quality.toFixed(2)));
}

function fillTypes() {
  const rows = FRAME_TYPES.map(({label}, id) => typeRow(frames, label, id));
  if (libvpx) {
    rows.push(...FRAME_TYPES.map(
        ({label}, id) => typeRow(libvpx.frames, `libvpx: ${label}`, id)));
  }
  byId('types').append(element(
      'table', {}, headRow([
        ['type', 'text'], ['frames'], ['mean QP'], ['bits'], ['share'],
        ['mean bits'], ['mean PSNR, dB']
      ]),
      element('tbody', {}, ...rows.filter((row) => row !== null))));
}

function fillFacts() {
  const {psnr_db: psnr} = data;
  const rows = [
    ['input', data.input],
    ['output', data.output],
    ['controller', data.controller],
    ['bytes of video', whole(data.bytes)],
    [
      'PSNR',
      `mean ${psnr.mean.toFixed(2)}, global ${psnr.global.toFixed(2)}, luma ${
          psnr.y.toFixed(2)} dB`
    ],
    ...data.facts,
  ];
  byId('facts').append(factTable(rows));
}

fillHeader();
fillTiles();
fillFrames();
fillRates();
fillTypes();
fillFacts();
finishPage();
