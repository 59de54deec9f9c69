/**
 * `<canvas data-chart-of="TABLE-ID">` draws the numbers of that table by day, the first column being `<time>`. The table is
 * the one source: whoever cannot see the chart reads the same there.
 */
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from 'chart.js';

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Tooltip);

const SERIES = 2;
/** Days; more would not be told apart. */
const LONGEST = 60;

/** @param {Element | null | undefined} cell */
const number = (cell) => Number((cell?.textContent ?? '').replace(/\D/g, ''));

/**
 * @param {HTMLTableElement} table newest day first
 * @returns {{days: string[], series: {label: string, data: number[]}[]}} oldest day first
 */
function read(table) {
  const rows = [...(table.tBodies[0]?.rows ?? [])].slice(0, LONGEST).reverse();
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].slice(1, 1 + SERIES);
  return {
    days: rows.map((row) => row.querySelector('time')?.dateTime ?? ''),
    series: heads.map((head, at) => ({
      label: head.textContent ?? '',
      data: rows.map((row) => number(row.cells[at + 1])),
    })),
  };
}

/** @param {string} name a custom property of the page; read at each drawing, since light and dark differ */
function colour(name) {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** @param {string} day */
const short = (day) =>
  new Date(`${day}T00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** @param {HTMLCanvasElement} canvas @param {HTMLTableElement} table */
function draw(canvas, table) {
  const { days, series } = read(table);
  const colours = [colour('--anonmsg-series-1'), colour('--anonmsg-series-2')];
  const text = colour('--tblr-secondary-color');
  const grid = colour('--tblr-border-color');
  const datasets = series.map((one, at) => ({
    ...one,
    backgroundColor: colours[at] ?? text,
    borderRadius: 3,
    maxBarThickness: 28,
  }));
  const data = { labels: days.map(short), datasets };
  const existing = Chart.getChart(canvas);
  existing?.destroy();
  new Chart(canvas, {
    type: 'bar',
    data,
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: { grid: { display: false }, ticks: { color: text, maxRotation: 0, autoSkipPadding: 12 } },
        y: {
          beginAtZero: true,
          ticks: { color: text, precision: 0 },
          grid: { color: grid },
          border: { display: false },
        },
      },
      plugins: { legend: { align: 'end', labels: { color: text, boxWidth: 10, boxHeight: 10 } } },
    },
  });
}

/** What was drawn on a canvas last, so that a refresh without news does not draw again. */
const drawn = new WeakMap();

export function drawAll() {
  for (const canvas of document.querySelectorAll('canvas')) {
    const table = document.getElementById(canvas.dataset.chartOf ?? '');
    if (!(table instanceof HTMLTableElement)) continue;
    const news = (table.textContent ?? '') + colour('--tblr-body-color');
    if (drawn.get(canvas) !== news) draw(canvas, table);
    drawn.set(canvas, news);
  }
}
