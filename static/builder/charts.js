/** Loads Chart.js only where a page has a chart, and keeps it in step with its table, which htmx renews. */
import { loaded } from './loads.js';

const charts = () => document.querySelector('canvas[data-chart-of]');

async function draw() {
  if (!charts()) return;
  const { drawAll } = await loaded(() => import('./chart.js'));
  drawAll();
}

document.addEventListener('htmx:after:swap', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
draw();
