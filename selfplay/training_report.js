// Fills training_report.html from the JSON that training_report.cc puts into
// it.  report_page.js comes before this.
'use strict';

const {status, curve, learner, evaluations, pairs} = data;
const COLOURS = [
  '#2457c5', '#d9730d', '#0f9d76', '#b5309b', '#7a5af5', '#0891b2', '#65870b'
];
const begin = curve.length > 0 ? curve[0].time : 0;

const view = {
  axis: 'episodes'
};

// ---- Text ----

function whole(value) {
  if (value === null || value === undefined) return '–';
  return Math.round(value).toLocaleString('en');
}

function duration(seconds) {
  if (seconds === null) return '–';
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${
      String(minutes % 60).padStart(2, '0')} min`;
}

function lastOf(field) {
  const found = curve.filter((point) => point[field] !== null).pop();
  return found ? found[field] : null;
}

// ---- Header, tiles ----

function fillHeader() {
  byId('verdict').textContent = status.episodes === 0 ?
      'No episode has been played yet.' :
      `${whole(status.episodes)} episodes, ${
          percent(status.share_on_target, 1)} of the last ${
          status.recent_episodes} within +1 % of their target, ${
          percent(status.win_rate, 0)} better than their own past.`;
  const last = curve.length > 0 ? curve[curve.length - 1].time : null;
  byId('meta').textContent = [
    data.title,
    last &&
        'newest episode ' +
            new Date(1000 * last).toISOString().slice(0, 16).replace('T', ' ') +
            ' UTC',
    `learner step ${whole(status.learner_step)}`,
    `weights ${status.weights_version}`,
    status.elapsed_seconds !== null &&
        `running for ${duration(status.elapsed_seconds)}`,
    status.seconds_left !== null && `${duration(status.seconds_left)} left`,
  ].filter(Boolean).join(' · ');
}

function fillTiles() {
  const gain = lastOf('psnr_gain_db');
  const {best} = status;
  byId('tiles').append(
      tile(
          percent(status.share_on_target, 1),
          'of recent encodes within +1\u00a0%'),
      tile(percent(status.win_rate, 0), 'of recent episodes won'),
      tile(
          signed(gain, 2, ' dB'), 'PSNR at equal rate against the first',
          gain === null || Math.abs(gain) < 0.005 ? '' :
              gain > 0                            ? 'good' :
                                                    'bad'),
      tile(whole(status.encodes_per_hour), 'encodes per hour'));
  if (!best) return;
  byId('tiles').append(tile(
      signed(best.bd_rate_percent), 'best BD-rate against libvpx',
      tone(best.bd_rate_percent)));
}

// ---- Charts ----

function across(point) {
  return view.axis === 'episodes' ? point.episodes :
                                    (point.time - begin) / 3600;
}

// valueOf: from a point to a number or null.
function line(label, points, valueOf, colour, options = {}) {
  return {
    label,
    data: points.map((point) => ({x: across(point), y: valueOf(point), point}))
              .filter(({y}) => y !== null && Number.isFinite(y)),
    showLine: true,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2,
    pointRadius: points.length > 30 ? 0 : 2.5,
    clip: 6,
    pointHitRadius: 8,
    ...options
  };
}

// A level to compare with, over the whole width.
function level(label, datasets, y) {
  const xs = datasets.flatMap((dataset) => dataset.data.map(({x}) => x));
  return {
    label,
    data: xs.length === 0 ? [] :
                            [{x: Math.min(...xs), y}, {x: Math.max(...xs), y}],
    showLine: true,
    borderColor: 'rgba(23, 32, 51, 0.55)',
    backgroundColor: 'rgba(23, 32, 51, 0.55)',
    borderDash: [6, 5],
    borderWidth: 1.2,
    pointStyle: 'line',
    pointRadius: 0,
    pointHitRadius: 0
  };
}

// The newest of all charts, so that their axes are the same.
function lastAcross() {
  const last =
      [curve, learner, evaluations].flatMap((points) => points.slice(-1));
  return Math.max(...last.map(across));
}

function config(datasets, yScale, describe) {
  const onHours = view.axis === 'hours';
  return {
    type: 'scatter',
    data: {datasets},
    options: {
      interaction: {mode: 'nearest', intersect: false},
      scales: {
        x: {
          title: axisTitle(onHours ? 'hours of running' : 'episodes'),
          min: 0,
          max: lastAcross(),
          ticks: {maxRotation: 0, includeBounds: false}
        },
        y: yScale
      },
      plugins: {
        legend: {display: datasets.length > 1, position: 'top', align: 'start'},
        tooltip: {
          filter: ({raw}) => raw.point !== undefined,
          callbacks: {
            label: ({dataset, raw}) => `${dataset.label}: ${describe(raw.y)}, ${
                whole(raw.point.episodes)} episodes`
          }
        }
      }
    }
  };
}

function shareScale(title) {
  return {
    title: axisTitle(title),
    min: 0,
    max: 1,
    ticks: {stepSize: 0.2, callback: (value) => Math.round(100 * value) + ' %'}
  };
}

function winRate() {
  const won = line('win rate', curve, ({win_rate}) => win_rate, COLOURS[0]);
  return config(
      [won, level('half of them', [won], 0.5)], shareScale('of episodes'),
      (y) => percent(y, 1));
}

function onTarget() {
  const share = line(
      'within +1 %', curve, ({share_on_target}) => share_on_target, COLOURS[2]);
  return config([share], shareScale('of encodes'), (y) => percent(y, 1));
}

function overshoot() {
  const mean = line(
      'mean overshoot', curve, ({mean_overshoot}) => mean_overshoot,
      COLOURS[1]);
  return config(
      [mean], {
        title: axisTitle('of the target'),
        min: 0,
        suggestedMax: 0.02,
        ticks: {callback: (value) => +(100 * value).toFixed(2) + ' %'}
      },
      (y) => percent(y, 2));
}

function psnrGain() {
  const gain =
      line('PSNR gain', curve, ({psnr_gain_db}) => psnr_gain_db, COLOURS[3]);
  return config(
      [gain, level('first episodes', [gain], 0)],
      {title: axisTitle('dB'), suggestedMin: -0.2, suggestedMax: 0.2},
      (y) => signed(y, 2, ' dB'));
}

// 0.01, 0.1, 1, ...: what lies between has no room.
function powerTick(value) {
  const power = Math.log10(value);
  if (Math.abs(power - Math.round(power)) > 1e-9) return '';
  return String(+value.toPrecision(1));
}

function losses() {
  const heads =
      learner.length > 0 ? Object.keys(learner[0].auxiliary_losses) : [];
  const lines = [
    ['total', ({loss}) => loss],
    ['policy', ({policy_loss}) => policy_loss],
    ['value', ({value_loss}) => value_loss],
    ...heads.map(
        (head) =>
            [head.replaceAll('_', ' '),
             ({auxiliary_losses}) => auxiliary_losses[head] ?? null]),
  ];
  const datasets = lines.map(
      ([label, valueOf], i) => line(
          label, learner, valueOf,
          i === 0 ? '#172033' : COLOURS[(i - 1) % COLOURS.length],
          {borderWidth: i === 0 ? 2.5 : 1.6, pointRadius: 0}));
  return config(
      datasets, {
        type: 'logarithmic',
        title: axisTitle('loss (log)'),
        ticks: {callback: powerTick}
      },
      (y) => String(+y.toPrecision(3)));
}

function bdRate() {
  const rate = line(
      'BD-rate', evaluations, ({bd_rate_percent}) => bd_rate_percent,
      COLOURS[4], {pointRadius: 3.5});
  const best = line(
      'best so far', evaluations.filter(({is_best}) => is_best),
      ({bd_rate_percent}) => bd_rate_percent, GOOD,
      {showLine: false, pointRadius: 6, pointStyle: 'rectRot'});
  return config(
      [best, rate, level('libvpx', [rate], 0)],
      {title: axisTitle('BD-rate, %'), suggestedMin: -1, suggestedMax: 1},
      (y) => signed(y));
}

function speed() {
  const rate = line(
      'encodes per hour', curve, ({encodes_per_hour}) => encodes_per_hour,
      COLOURS[5]);
  return config(
      [rate], {title: axisTitle('encodes per hour'), beginAtZero: true}, whole);
}

const plots = [];

function chartCard(title, note, make, isEmpty, why, isWide = false) {
  const plot = element('div', {class: 'plot curve'});
  const card = element(
      'article', {class: isWide ? 'card wide' : 'card'},
      element('h3', {}, title), element('p', {}, note));
  if (isEmpty) {
    card.append(element('p', {class: 'missing'}, why));
  } else {
    card.append(plot);
    plots.push(addSlot(plot, title, make));
  }
  return card;
}

function fillCharts() {
  const group = curve.length > 1 ? curve[1].episodes - curve[0].episodes :
                                   status.kept_episodes;
  const kept = status.kept_episodes < status.episodes ?
      ` Of ${whole(status.episodes)} episodes the newest ${
          whole(status.kept_episodes)} are kept, and shown.` :
      '';
  byId('curves-lead').textContent = curve.length === 0 ?
      '' :
      `Each point stands for ${whole(group)} episodes.${kept}`;
  const has = (field) => curve.some((point) => point[field] !== null);
  const early = 'There are too few episodes yet.';
  byId('charts').append(
      chartCard(
          'Within +1 % of the target', 'Share of encodes.', onTarget,
          !has('share_on_target'), early),
      chartCard(
          'PSNR gain at equal rate', 'Against each pair\'s first episodes.',
          psnrGain, !has('psnr_gain_db'),
          'There is nothing to compare with yet.'),
      chartCard(
          'Win rate', 'Share of rewards above 0, against the own past.',
          winRate, !has('win_rate'), early),
      chartCard(
          'Mean overshoot', 'Bits above the target.', overshoot,
          !has('mean_overshoot'), early),
      chartCard(
          'Losses', 'By head of the network.', losses, learner.length === 0,
          'The learner has told nothing yet.', true),
      chartCard(
          'BD-rate on validation clips', 'Against libvpx, at equal PSNR.',
          bdRate,
          !evaluations.some(({bd_rate_percent}) => bd_rate_percent !== null),
          'No weights have been measured yet.'),
      chartCard(
          'Speed', 'Encodes stored, pauses left out.', speed,
          !has('encodes_per_hour'), early));
  if (plots.length === 0) return;
  byId('controls')
      .append(choice(
          'Across', [['episodes', 'episodes'], ['hours', 'hours']], (axis) => {
            view.axis = axis;
            plots.forEach(redraw);
          }));
}

// ---- Pairs ----

function fillPairs() {
  if (pairs.length === 0) {
    byId('pairs').append(
        element('p', {class: 'missing'}, 'There are no episodes yet.'));
    return;
  }
  const rows = pairs.map((pair) => {
    const row = element(
        'tr', {}, element('td', {class: 'text clip'}, pair.clip),
        element('td', {}, whole(pair.target_kbps)),
        element('td', {}, whole(pair.episodes)),
        element('td', {}, pair.quality_db.toFixed(2)),
        element('td', {}, percent(pair.overshoot, 2)));
    row.keys = Object.values(pair);
    return row;
  });
  const titles =
      ['clip', 'target, kbit/s', 'episodes', 'PSNR, dB', 'overshoot'];
  byId('pairs').append(sortableTable(titles, rows, 1));
}

fillHeader();
fillTiles();
fillCharts();
fillPairs();
byId('config').textContent = data.config || '';
byId('config-section').hidden = !data.config;
finishPage();
