// Charts of the coded frames of one encode, which reports share.
//
// report_page.js comes before this.
'use strict';

// By the values of encoder_bridge::FrameType.
const FRAME_TYPES = [
  {label: 'key', colour: '#c81e1e', style: 'rectRot', radius: 6},
  {label: 'inter', colour: '#2457c5', style: 'circle', radius: 2.5},
  {label: 'ARF (hidden)', colour: '#e8710a', style: 'triangle', radius: 5},
  {label: 'overlay', colour: '#6b7280', style: 'crossRot', radius: 4},
  {label: 'golden', colour: '#a16207', style: 'rect', radius: 4.5},
];

// Of lists too long for Math.min(...values).
function least(values) {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function most(values) {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

// Frames are [show index, type, q_index, bits]; see frame_json.h.
function frameConfig(trace, valueOf, yScale, showsLegend) {
  const datasets =
      FRAME_TYPES
          .map((type, id) => ({
                 label: type.label,
                 data: trace.frames.filter((frame) => frame[1] === id)
                           .map(
                               (frame) =>
                                   ({x: frame[0], y: valueOf(frame), frame})),
                 pointStyle: type.style,
                 pointRadius: type.radius,
                 backgroundColor: type.colour,
                 borderColor: type.colour,
                 borderWidth: type.style === 'crossRot' ? 2 : 1,
               }))
          .filter((dataset) => dataset.data.length > 0);
  const shown = trace.frames.map((frame) => frame[0]);
  const first = least(shown);
  const last = most(shown);
  return {
    type: 'scatter',
    data: {datasets},
    options: {
      scales: {
        x: {
          min: first - 1,
          max: last + 1,
          ticks: {
            display: !showsLegend,
            precision: 0,
            callback: (value) => value < first || value > last ? '' : value
          },
          title: showsLegend ? {display: false} :
                               axisTitle('frame, in display order')
        },
        y: yScale,
      },
      plugins: {
        legend: {display: showsLegend, position: 'top', align: 'start'},
        tooltip: {
          callbacks: {
            label: ({dataset, raw: {frame}}) =>
                `frame ${frame[0]}, ${dataset.label}: q_index ${frame[2]}, ` +
                `${number(frame[3])} bits`
          }
        },
      },
    },
  };
}

function fixedWidth(axis) {
  axis.width = 62;  // So that charts of one encode stand in line.
}

function qpConfig(trace) {
  return frameConfig(
      trace, (frame) => frame[2], {
        title: axisTitle('QP (q_index)'),
        min: 0,
        max: 264,
        afterBuildTicks: (axis) => {
          axis.ticks = [0, 64, 128, 192, 255].map((value) => ({value}));
        },
        afterFit: fixedWidth
      },
      true);
}

function bitsConfig(trace) {
  const bits = trace.frames.map((frame) => Math.max(1, frame[3]));
  return frameConfig(
      trace, (frame) => Math.max(1, frame[3]), {
        type: 'logarithmic',
        title: axisTitle('bits (log)'),
        min: least(bits) / 2,
        max: most(bits) * 2,
        ticks: {
          callback: (value) => {
            const power = Math.log10(value);
            if (Math.abs(power - Math.round(power)) > 1e-9) return '';
            return value >= 1e6 ? value / 1e6 + ' M' :
                value >= 1e3    ? value / 1e3 + ' k' :
                                  value;
          }
        },
        afterFit: fixedWidth
      },
      false);
}
